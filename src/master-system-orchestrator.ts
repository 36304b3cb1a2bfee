import { createApp } from './app.ts';
import type { App } from './app.ts';
import { catalog } from './catalog.ts';
import { loadConfig } from './core/config/index.ts';
import type { ConfigInput } from './core/config/index.ts';
import { AppError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import { readVersion } from './core/version.ts';
import type { OrchestratorEvents, SystemStatus } from './orchestrator/index.ts';
import type { Services } from './services.ts';

/** What a master can be told to do once navigation, campaigns and training exist. */
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

  /** Throws `unsupported`: navigation is not part of this version. */
  executeWorkflow(goal: string, _context: Readonly<Record<string, unknown>> = {}): Promise<never> {
    return Promise.reject(unsupported(`Workflow "${goal}" can't run: navigation is not part of this version.`));
  }

  /** Throws `unsupported`: campaigns are not part of this version. */
  startCampaign(campaign: { readonly name: string }): Promise<never> {
    return Promise.reject(
      unsupported(`Campaign "${campaign.name}" can't start: campaigns are not part of this version.`),
    );
  }

  /** Throws `unsupported`: training data is not part of this version. */
  generateTrainingData(count: number): Promise<never> {
    return Promise.reject(unsupported(`${count} examples can't be made: training is not part of this version.`));
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
}

function unsupported(message: string): AppError {
  return new AppError('unsupported', message, { hint: NOT_BUILT_HINT });
}
