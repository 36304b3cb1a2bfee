import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Services } from '../../services.ts';
import { CapabilityNeeded, InputNeeded } from '../../surface/index.ts';
import type { Catalog, PromptMessage, ToolAnswer, ToolContext } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { Completions } from './completions.ts';
import type { CompletionAnswer, CompletionQuestion } from './completions.ts';
import { openDialog } from './dialog.ts';
import { firstOf } from './first-of.ts';
import { didYouMean, inputError } from './input-problem.ts';
import { withJoined } from './joined-signal.ts';
import { MAX_URI_LENGTH, ResourceTable } from './resource-table.ts';
import { ResourceUpdates } from './resource-updates.ts';
import { withOpenCursor, withSealedCursor } from './sealed-cursors.ts';
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
  readonly startupWaitMs?: number;
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

  constructor(deps: LocalBackendDeps) {
    this.#deps = deps;
    const { toolsets, resources, prompts } = deps.catalog;
    const tools = toolsets.flatMap((entry) => entry.tools);
    this.#tools = new Map(tools.map((tool) => [tool.name, { tool, input: tool.input.strict() }]));
    this.#prompts = new Map(prompts.map((prompt) => [prompt.name, { prompt, args: prompt.args.strict() }]));
    this.#resources = new ResourceTable(resources);
    this.#completions = new Completions(deps.catalog);
    this.#updates = new ResourceUpdates({ table: this.#resources, log: deps.log, services: () => deps.services() });
  }

  callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer> {
    return this.#guarded(name, call.signal, async () => {
      const entry = this.#tools.get(name);
      if (entry === undefined) throw unknownName('tool', name, [...this.#tools.keys()]);
      parseStrictly({ name, schema: entry.input }, input ?? {});
      const scope = { tool: name, principal: call.caller.principal, sealer: () => this.#deps.sealer() };
      const opened = withOpenCursor(objectSchema.parse(input ?? {}), scope);
      const context = await this.#context(['tool', name, JSON.stringify(input ?? {})], call);
      return entry.tool.call(opened, context, (answer) => withSealedCursor(answer, scope));
    });
  }

  readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]> {
    return this.#guarded(uri.slice(0, MAX_URI_LENGTH), call.signal, async () => {
      const { resource, variables } = this.#resources.get(uri);
      return [{ uri, ...(await resource.read(variables, await this.#context(['resource', uri], call))) }];
    });
  }

  getPrompt(name: string, args: unknown, call: CallContext): Promise<readonly PromptMessage[]> {
    return this.#guarded(name, call.signal, () => {
      const entry = this.#prompts.get(name);
      if (entry === undefined) throw unknownName('prompt', name, [...this.#prompts.keys()]);
      parseStrictly({ name, schema: entry.args }, args ?? {});
      return entry.prompt.get(args ?? {}, this.#dialog(['prompt', name, JSON.stringify(args ?? {})], call));
    });
  }

  complete(question: CompletionQuestion, { signal, caller }: CallContext): Promise<CompletionAnswer> {
    return this.#guarded('The completion', signal, () =>
      this.#completions.answer(question, async () => {
        return { services: await this.#services(signal), caller, signal, known: question.known };
      }),
    );
  }

  watch(uri: string, onUpdate: () => void): () => void {
    return this.#updates.watch(uri, onUpdate);
  }

  async #guarded<T>(subject: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InputNeeded || error instanceof CapabilityNeeded) throw error;
      throw asAppError(error, { subject, log: this.#deps.log, signal });
    }
  }

  async #context(subject: readonly string[], call: CallContext): Promise<ToolContext> {
    const { signal, progress, log, releaseStream } = call;
    const dialog = this.#dialog(subject, call);
    return { ...dialog, signal, progress, log, releaseStream, services: await this.#services(signal) };
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

/** Unknown keys are errors here: a misspelt field that is silently dropped would give a wrong answer. */
function parseStrictly(subject: { name: string; schema: z.ZodObject }, input: unknown): void {
  const parsed = subject.schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw inputError(subject, parsed.error);
}

function unknownName(kind: 'tool' | 'prompt', name: string, names: readonly string[]): AppError {
  return new AppError('not_found', `There is no ${kind} named "${name}"${didYouMean(name, names)}.`, {
    hint: `Valid: ${names.join(', ')}.`,
  });
}
