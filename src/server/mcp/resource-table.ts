import { UriTemplate } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import type { Resource } from '../../surface/index.ts';

/** Longer URIs are nobody's resource; matching them would only cost time. */
export const MAX_URI_LENGTH = 2_048;

export interface FoundResource {
  readonly resource: Resource;
  /** Decoded. */
  readonly variables: Readonly<Record<string, string>>;
}

interface MatchedResource {
  readonly resource: Resource;
  readonly variables: Record<string, string | string[]>;
}

/** Which resource of a catalog a URI is. */
export class ResourceTable {
  readonly #resources: readonly Resource[];
  readonly #templates: readonly { readonly resource: Resource; readonly template: UriTemplate }[];

  constructor(resources: readonly Resource[]) {
    this.#resources = resources;
    this.#templates = resources
      .filter((resource) => UriTemplate.isTemplate(resource.uri))
      .flatMap((resource) => templatesOf(resource).map((template) => ({ resource, template })));
  }

  /** Undefined for what is no resource; the escapes in its variables are not looked at. */
  find(uri: string): Resource | undefined {
    return this.#match(uri)?.resource;
  }

  /** Throws `not_found`, and `invalid_input` for a malformed escape. */
  get(uri: string): FoundResource {
    const found = this.#match(uri);
    if (found !== undefined) return { resource: found.resource, variables: decodeVariables(found.variables, uri) };
    throw new AppError('not_found', `There is no resource at ${uri.slice(0, MAX_URI_LENGTH)}.`, {
      hint: `Valid: ${this.#resources.map((resource) => resource.uri).join(', ')}.`,
    });
  }

  #match(uri: string): MatchedResource | undefined {
    if (uri.length > MAX_URI_LENGTH) return undefined;
    const fixed = this.#resources.find((resource) => resource.uri === uri);
    if (fixed !== undefined) return { resource: fixed, variables: {} };
    for (const { resource, template } of this.#templates) {
      const variables = template.match(uri);
      if (variables !== null) return { resource, variables };
    }
    return undefined;
  }
}

/** A query is optional, but a template matches only with it. */
function templatesOf({ uri }: Resource): UriTemplate[] {
  const bare = uri.replaceAll(/\{\?[^}]*\}/g, '');
  return [uri, ...(bare === uri ? [] : [bare])].map((each) => new UriTemplate(each));
}

function decodeVariables(variables: Record<string, string | string[]>, uri: string): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, decodeURIComponent(String(value))]),
    );
  } catch (error) {
    throw new AppError('invalid_input', `The URI ${uri} holds a malformed percent escape.`, { cause: error });
  }
}
