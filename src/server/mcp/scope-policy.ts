import { z } from 'zod';
import type { Scope } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { Caller, Catalog, Tool, Toolset } from '../../surface/index.ts';

/** What resources, prompts and questions about runs need. */
export const READ_SCOPE: Scope = 'lightdom:read';
/** Methods that lead to no tool by name. */
const SCOPE_OF_METHOD: ReadonlyMap<string, Scope> = new Map([
  ['resources/read', READ_SCOPE],
  ['resources/subscribe', READ_SCOPE],
  ['subscriptions/listen', READ_SCOPE],
  ['prompts/get', READ_SCOPE],
  ['completion/complete', READ_SCOPE],
  ['tasks/get', READ_SCOPE],
  ['tasks/update', 'lightdom:run'],
  ['tasks/cancel', 'lightdom:run'],
]);

const requestSchema = z.object({
  method: z.string(),
  params: z.looseObject({ name: z.unknown(), arguments: z.unknown() }).optional(),
});

/** What each part of a surface needs. */
export class ScopePolicy {
  readonly #tools: ReadonlyMap<string, { readonly tool: Tool; readonly scope: Scope }>;

  constructor({ toolsets }: Catalog) {
    const rows = toolsets.flatMap(({ toolset, tools }) =>
      tools.map((tool) => ({ tool, scope: scopeOf(tool, toolset) })),
    );
    this.#tools = new Map(rows.flatMap((row) => [row.tool.name, ...row.tool.aliases].map((name) => [name, row])));
  }

  /** Undefined for a tool that does not exist. */
  ofTool(name: string): Scope | undefined {
    return this.#tools.get(name)?.scope;
  }

  /** The first scope that a message, or one of a batch of them, needs and the caller lacks. */
  lackOf(message: unknown, scopes: readonly Scope[]): Scope | undefined {
    const messages: readonly unknown[] = Array.isArray(message) ? message : [message];
    return messages
      .map((each) => this.#ofMessage(each))
      .find((scope) => scope !== undefined && !scopes.includes(scope));
  }

  #ofMessage(message: unknown): Scope | undefined {
    const request = requestSchema.safeParse(message);
    if (!request.success) return undefined;
    const { method, params } = request.data;
    if (method !== 'tools/call') return SCOPE_OF_METHOD.get(method);
    const name = String(params?.name);
    return this.ofTool(standsFor(this.#tools.get(name)?.tool, params?.arguments) ?? name);
  }
}

/** The tool that a call runs in the end, where it is one of another tool and can be read. */
function standsFor(tool: Tool | undefined, input: unknown): string | undefined {
  if (tool?.aboutTools?.kind !== 'stands_for') return undefined;
  const parsed = tool.input.safeParse(input);
  return parsed.success ? tool.aboutTools.callOf(parsed.data).tool : undefined;
}

function scopeOf(tool: Tool, toolset: Toolset): Scope {
  const declared = toolset.scope ?? tool.scope;
  if (declared !== undefined) return declared;
  if (tool.task !== undefined) return 'lightdom:run';
  return tool.effect === 'read' ? READ_SCOPE : 'lightdom:write';
}

/** Throws `permission_denied` naming the scope that the caller lacks. */
export function requireScope({ scopes }: Caller, subject: string, scope: Scope | undefined): void {
  if (scope === undefined || scopes.includes(scope)) return;
  throw new AppError('permission_denied', `${subject} needs the scope ${scope}, which your token does not grant.`, {
    hint: `Ask for a token with ${scope}.`,
    details: { deniedBy: `scope ${scope}` },
  });
}
