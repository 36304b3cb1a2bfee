import type { ToolContext } from './tool-context.ts';

export interface ResourceContent {
  readonly text: string;
  readonly mimeType: string;
}

/** A resource, or a template of resources when `uri` holds `{variables}`. */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A fixed URI, or an RFC 6570 template: `run://{runId}`; `{+path}` may hold slashes. Values come decoded. */
  readonly uri: string;
  readonly mimeType: string;
  read(variables: Readonly<Record<string, string>>, context: ToolContext): Promise<ResourceContent>;
}

/** Declares a resource. */
export function defineResource(resource: Resource): Resource {
  return resource;
}
