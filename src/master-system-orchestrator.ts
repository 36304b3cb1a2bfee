import { createApp } from './app.ts';
import type { App } from './app.ts';
import { catalog } from './catalog.ts';
import { loadConfig } from './core/config/index.ts';
import type { ConfigInput } from './core/config/index.ts';
import { AppError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import { readVersion } from './core/version.ts';
import type { OrchestratorEvents, SystemStatus } from './orchestrator/index.ts';
import { plainCall } from './server/server-runtime.ts';
import type { Services } from './services.ts';

/** The fields of a tool's answer. */
type ToolFields = Readonly<Record<string, unknown>>;

const NOT_BUILT_HINT = 'getStatus().orchestrators names what is available.';

/**
 * The whole platform as one object: what `lightdom start` runs, for programs.
 * Its configuration is the same tree as the file's; environment variables are read below it.
 */
export class MasterSystemOrchestrator {
  readonly #app: App;

  /** Throws `invalid_input` for an unknown key or a bad value. */
  constructor(config: ConfigInput = {}) {
    const loaded = loadConfig({ input: config });
    const log = createLog(loaded.config.log);
    this.#app = createApp({ loaded, log, catalog, version: readVersion() });
  }

  /** Opens the database and builds the ten subsystems in order. */
  initialize(): Promise<void> {
    return this.#app.orchestrator.initialize();
  }

  /** Runs the five phases; initializes first when that was not done. Long work goes on as runs after it returns. */
  start(): Promise<void> {
    return this.#app.orchestrator.start();
  }

  /** Stops in reverse order. Runs that are under way go on at the next start. */
  stop(): Promise<void> {
    return this.#app.orchestrator.stop();
  }

  getStatus(): SystemStatus {
    return this.#app.orchestrator.getStatus();
  }

  /** Runs, graph and orchestrator, once the core services are up. */
  services(): Promise<Services> {
    return this.#app.services();
  }

  /** A call of the tool `workflow_run`. Throws `unsupported` while there is none. */
  executeWorkflow(goal: string, context: Readonly<Record<string, unknown>> = {}): Promise<ToolFields> {
    const missing = `Workflow "${goal}" can't run: navigation is not part of this version.`;
    return this.#call('workflow_run', { goal, context }, missing);
  }

  /** A call of the tool `campaign_start`. Throws `unsupported` while there is none. */
  startCampaign(campaign: Readonly<Record<string, unknown>> & { readonly name: string }): Promise<ToolFields> {
    const missing = `Campaign "${campaign.name}" can't start: campaigns are not part of this version.`;
    return this.#call('campaign_start', campaign, missing);
  }

  /** A call of the tool `training_generate`. Throws `unsupported` while there is none. */
  generateTrainingData(count: number): Promise<ToolFields> {
    const missing = `${count} examples can't be made: training is not part of this version.`;
    return this.#call('training_generate', { count }, missing);
  }

  /** As `on` of Node's EventEmitter, but for one thing: an `error` that nobody listens for ends nothing. */
  on<K extends keyof OrchestratorEvents>(name: K, listener: (...args: OrchestratorEvents[K]) => void): this {
    this.#app.orchestrator.events.on(name, listener);
    return this;
  }

  /** Listens for the next one alone. */
  once<K extends keyof OrchestratorEvents>(name: K, listener: (...args: OrchestratorEvents[K]) => void): this {
    this.#app.orchestrator.events.once(name, listener);
    return this;
  }

  /** Takes away a listener that `on` or `once` was given. */
  off<K extends keyof OrchestratorEvents>(name: K, listener: (...args: OrchestratorEvents[K]) => void): this {
    this.#app.orchestrator.events.off(name, listener);
    return this;
  }

  /** What a subsystem can be told to do it brings as a tool: the day it does, there is nothing to change here. */
  async #call(tool: string, input: Readonly<Record<string, unknown>>, missing: string): Promise<ToolFields> {
    const isThere = catalog.toolsets.some(({ tools }) => tools.some(({ name }) => name === tool));
    if (!isThere) throw new AppError('unsupported', missing, { hint: NOT_BUILT_HINT });
    const answer = await this.#app.backend.callTool(tool, input, plainCall(new AbortController().signal));
    return answer.structured;
  }
}
