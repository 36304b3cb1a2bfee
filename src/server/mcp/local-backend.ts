import { UriTemplate } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Services } from '../../services.ts';
import { CapabilityNeeded, InputNeeded } from '../../surface/index.ts';
import type { Catalog, PromptMessage, Resource, ToolAnswer, ToolContext } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { openDialog } from './dialog.ts';
import { firstOf } from './first-of.ts';
import { didYouMean, inputError } from './input-problem.ts';
import { withJoined } from './joined-signal.ts';
import type { CallContext, ResourceAnswer, SurfaceBackend } from './surface-backend.ts';

/** A call that waits longer for the services gets an answer to come back with; clients give up on silence. */
const STARTUP_WAIT_MS = 15_000;
/** Longer URIs are nobody's resource; matching them would only cost time. */
const MAX_URI_LENGTH = 2_048;

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
  readonly #templates;

  constructor(deps: LocalBackendDeps) {
    this.#deps = deps;
    const { toolsets, resources, prompts } = deps.catalog;
    const tools = toolsets.flatMap((entry) => entry.tools);
    this.#tools = new Map(tools.map((tool) => [tool.name, { tool, input: tool.input.strict() }]));
    this.#prompts = new Map(prompts.map((prompt) => [prompt.name, { prompt, args: prompt.args.strict() }]));
    this.#templates = resources
      .filter((resource) => UriTemplate.isTemplate(resource.uri))
      .flatMap((resource) => templatesOf(resource).map((template) => ({ resource, template })));
  }

  callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer> {
    return this.#guarded(name, call.signal, async () => {
      const entry = this.#tools.get(name);
      if (entry === undefined) throw unknownName('tool', name, [...this.#tools.keys()]);
      parseStrictly({ name, schema: entry.input }, input ?? {});
      return entry.tool.call(input ?? {}, await this.#context(['tool', name, JSON.stringify(input ?? {})], call));
    });
  }

  readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]> {
    return this.#guarded(uri.slice(0, MAX_URI_LENGTH), call.signal, async () => {
      const found = this.#findResource(uri);
      if (found === undefined) throw unknownResource(uri, this.#deps.catalog.resources);
      const context = await this.#context(['resource', uri], call);
      const { meta } = found.resource;
      const content = await found.resource.read(found.variables, context);
      return [{ uri, ...content, ...(meta === undefined ? {} : { _meta: meta }) }];
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

  #findResource(uri: string): { resource: Resource; variables: Readonly<Record<string, string>> } | undefined {
    if (uri.length > MAX_URI_LENGTH) return undefined;
    const fixed = this.#deps.catalog.resources.find((resource) => resource.uri === uri);
    if (fixed !== undefined) return { resource: fixed, variables: {} };
    for (const { resource, template } of this.#templates) {
      const variables = template.match(uri);
      if (variables !== null) return { resource, variables: decodeVariables(variables, uri) };
    }
    return undefined;
  }
}

/** A query is optional, but a template matches only with it. */
function templatesOf({ uri }: Resource): UriTemplate[] {
  const bare = uri.replaceAll(/\{\?[^}]*\}/g, '');
  return [uri, ...(bare === uri ? [] : [bare])].map((each) => new UriTemplate(each));
}

/** Unknown keys are errors here: a misspelt field that is silently dropped would give a wrong answer. */
function parseStrictly(subject: { name: string; schema: z.ZodObject }, input: unknown): void {
  const parsed = subject.schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw inputError(subject, parsed.error);
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

function unknownName(kind: 'tool' | 'prompt', name: string, names: readonly string[]): AppError {
  return new AppError('not_found', `There is no ${kind} named "${name}"${didYouMean(name, names)}.`, {
    hint: `Valid: ${names.join(', ')}.`,
  });
}

function unknownResource(uri: string, resources: readonly Resource[]): AppError {
  return new AppError('not_found', `There is no resource at ${uri.slice(0, MAX_URI_LENGTH)}.`, {
    hint: `Valid: ${resources.map((resource) => resource.uri).join(', ')}.`,
  });
}
