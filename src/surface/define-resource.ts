import type { Services } from '../services.ts';
import type { Completers } from './completion.ts';
import type { ToolContext } from './tool-context.ts';

/** Text, or binary data in base64. */
export type ResourceContent = { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });

/** A resource, or a template of resources when `uri` holds `{variables}`. */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A fixed URI, or an RFC 6570 template: `run://{runId}`; `{+path}` may hold slashes. Values come decoded. */
  readonly uri: string;
  /** Absent where those of a template differ. */
  readonly mimeType?: string;
  /** What the protocol's `_meta` says of it, in the list and with what is read. */
  readonly meta?: Readonly<Record<string, unknown>>;
  read(variables: Readonly<Record<string, string>>, context: ToolContext): Promise<ResourceContent>;
  /** Proposals for the variables of a template. */
  readonly complete?: Completers;
  /**
   * Of what changes while clients may look at it: says so by `changed`, as often as it likes, until the function that it
   * resolves to is called.
   */
  watch?(variables: Readonly<Record<string, string>>, services: Services, changed: () => void): Promise<() => void>;
}

/** Declares a resource. */
export function defineResource(resource: Resource): Resource {
  return resource;
}
