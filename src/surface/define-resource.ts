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
  readonly mimeType: string;
  /** What the protocol's `_meta` says of it, in the list and with what is read. */
  readonly meta?: Readonly<Record<string, unknown>>;
  read(variables: Readonly<Record<string, string>>, context: ToolContext): Promise<ResourceContent>;
}

/** Declares a resource. */
export function defineResource(resource: Resource): Resource {
  return resource;
}
