import { z } from 'zod';
import type { Approval } from '../../core/approval.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Tracer } from '../../core/tracer.ts';
import type { Services } from '../../services.ts';
import type { Catalog, PromptMessage, ToolAnswer, ToolContext } from '../../surface/index.ts';
import type { AuditLog } from './audit-log.ts';
import { Completions } from './completions.ts';
import type { CompletionAnswer, CompletionQuestion } from './completions.ts';
import { openDialog } from './dialog.ts';
import { firstOf } from './first-of.ts';
import { guardedCall } from './guarded-call.ts';
import { checkInput, unknownName } from './input-problem.ts';
import { withJoined } from '../../core/joined-signal.ts';
import { MAX_URI_LENGTH, ResourceTable } from './resource-table.ts';
import { ResourceUpdates } from './resource-updates.ts';
import { READ_SCOPE, ScopePolicy } from './scope-policy.ts';
import { withOpenCursor, withSealedCursor } from './sealed-cursors.ts';
import { sealedPlans } from './sealed-plans.ts';
import type { CallContext, ResourceAnswer, SurfaceBackend } from './surface-backend.ts';

/** A call that waits longer for the services gets an answer to come back with; clients give up on silence. */
const STARTUP_WAIT_MS = 15_000;
const objectSchema = z.record(z.string(), z.unknown());

export interface LocalBackendDeps {
  readonly catalog: Catalog;
  /** Settles once the services are up, or could not come up. */
  services(): Promise<Services>;
  readonly log: Log;
  /** Seals what clients give back with a call that they repeat. */
  sealer(): Sealer;
  /** Without it calls leave no record. */
  readonly audit?: AuditLog | undefined;
  readonly startupWaitMs?: number;
  /** What has to be there before a tool destroys; `asked` without it. */
  readonly approval?: Approval;
  readonly tracer?: Tracer | undefined;
}

/** Runs the catalog in this process. */
export function createLocalBackend(deps: LocalBackendDeps): SurfaceBackend {
  return new LocalBackend(deps);
}

class LocalBackend implements SurfaceBackend {
  readonly #deps: LocalBackendDeps;
  readonly #tools;
  readonly #prompts;
  readonly #resources: ResourceTable;
  readonly #completions: Completions;
  readonly #updates: ResourceUpdates;
  readonly #scopes: ScopePolicy;

  constructor(deps: LocalBackendDeps) {
    this.#deps = deps;
    this.#scopes = new ScopePolicy(deps.catalog);
    const { toolsets, resources, prompts } = deps.catalog;
    const tools = toolsets.flatMap((entry) => entry.tools);
    // Strict: a misspelt field that is silently dropped would give a wrong answer.
    this.#tools = new Map(tools.map((tool) => [tool.name, { tool, input: tool.input.strict() }]));
    this.#prompts = new Map(prompts.map((prompt) => [prompt.name, { prompt, args: prompt.args.strict() }]));
    this.#resources = new ResourceTable(resources);
    this.#completions = new Completions(deps.catalog);
    this.#updates = new ResourceUpdates({ table: this.#resources, log: deps.log, services: () => deps.services() });
  }

  callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer> {
    const scope = this.#scopes.ofTool(name);
    const subject = { kind: 'tool', name, recordedName: name, input, call, scope } as const;
    return guardedCall(this.#deps, subject, async (guarded) => {
      const entry = this.#tools.get(name);
      if (entry === undefined) throw unknownName('tool', name, [...this.#tools.keys()]);
      checkInput({ name, schema: entry.input }, input ?? {});
      const cursorScope = { tool: name, principal: call.caller.principal, sealer: () => this.#deps.sealer() };
      const opened = withOpenCursor(objectSchema.parse(input ?? {}), cursorScope);
      const context = await this.#context(['tool', name, JSON.stringify(input ?? {})], guarded);
      return entry.tool.call(opened, context, (answer) => withSealedCursor(answer, cursorScope));
    });
  }

  readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]> {
    const found = this.#resources.find(uri);
    const name = uri.slice(0, MAX_URI_LENGTH);
    const recordedName = found?.name ?? 'unknown';
    const subject = { kind: 'resource', name, recordedName, input: uri, call, scope: READ_SCOPE } as const;
    return guardedCall(this.#deps, subject, async (guarded) => {
      const { resource, variables } = this.#resources.get(uri);
      const content = await resource.read(variables, await this.#context(['resource', uri], guarded));
      return [{ uri, ...content, ...(resource.meta === undefined ? {} : { _meta: resource.meta }) }];
    });
  }

  getPrompt(name: string, args: unknown, call: CallContext): Promise<readonly PromptMessage[]> {
    const subject = { kind: 'prompt', name, recordedName: name, input: args, call, scope: READ_SCOPE } as const;
    return guardedCall(this.#deps, subject, async (guarded) => {
      const entry = this.#prompts.get(name);
      if (entry === undefined) throw unknownName('prompt', name, [...this.#prompts.keys()]);
      checkInput({ name, schema: entry.args }, args ?? {});
      return entry.prompt.get(args ?? {}, this.#dialog(['prompt', name, JSON.stringify(args ?? {})], guarded));
    });
  }

  complete(question: CompletionQuestion, call: CallContext): Promise<CompletionAnswer> {
    const name = 'completion/complete';
    const subject = { kind: 'completion', name, recordedName: name, input: question, call, scope: READ_SCOPE } as const;
    return guardedCall(this.#deps, subject, ({ signal, caller }) =>
      this.#completions.answer(question, async () => {
        return { services: await this.#services(signal), caller, signal, known: question.known };
      }),
    );
  }

  watch(uri: string, onUpdate: () => void): () => void {
    return this.#updates.watch(uri, onUpdate);
  }

  async #context(subject: readonly string[], call: CallContext): Promise<ToolContext> {
    const { signal, progress, log, releaseStream } = call;
    const dialog = this.#dialog(subject, call);
    const [kind = '', name = ''] = subject;
    const scope = { sealer: () => this.#deps.sealer(), principal: call.caller.principal, subject: [kind, name] };
    const services = await this.#services(signal);
    const { approval = 'asked' } = this.#deps;
    return { ...dialog, signal, progress, log, releaseStream, plans: sealedPlans(scope), approval, services };
  }

  #dialog(subject: readonly string[], { caller, retry }: CallContext): ReturnType<typeof openDialog> {
    return openDialog({ sealer: () => this.#deps.sealer(), caller, subject, retry });
  }

  async #services(signal: AbortSignal): Promise<Services> {
    const { startupWaitMs: timeoutMs = STARTUP_WAIT_MS } = this.#deps;
    const services = await withJoined({ signals: [signal], timeoutMs }, (isOver) =>
      firstOf(this.#deps.services(), isOver),
    );
    if (services !== undefined) return services;
    signal.throwIfAborted();
    throw new AppError('not_ready', 'The services are still starting.', { hint: 'Call again in a few seconds.' });
  }
}
