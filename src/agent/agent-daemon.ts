import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

export interface AgentDaemonDeps {
  readonly intervalMs: number;
  /** Starts a run that heals; returns its id. Throws `conflict` while one is at work. */
  readonly heal: () => Promise<string>;
  /** Looks after pull requests that are open. */
  readonly follow: () => Promise<void>;
  readonly log: Log;
}

/** What heals by itself: a run at once, and one after each interval, while it is started. */
export class AgentDaemon {
  readonly #deps: AgentDaemonDeps;
  #stop: AbortController | undefined;
  #loop: Promise<void> = Promise.resolve();
  #nextRunAt: Date | undefined;
  #lastRunId: string | undefined;
  #problem: string | undefined;

  constructor(deps: AgentDaemonDeps) {
    this.#deps = deps;
  }

  isRunning(): boolean {
    return this.#stop !== undefined;
  }

  /** When it heals next; undefined while it does not. */
  nextRunAt(): string | undefined {
    return this.#nextRunAt?.toISOString();
  }

  lastRunId(): string | undefined {
    return this.#lastRunId;
  }

  /** Why the last round did not do what it should. */
  problem(): string | undefined {
    return this.#problem;
  }

  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#loop = this.#repeat(stop.signal);
  }

  /** Resolves when its round is over. A run that it has started goes on. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#nextRunAt = undefined;
    await this.#loop;
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#deps;
    while (!signal.aborted) {
      await this.#round();
      if (signal.aborted) return;
      this.#nextRunAt = new Date(Date.now() + intervalMs);
      await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What fails once is tried again in the next round. */
  async #round(): Promise<void> {
    const { heal, follow, log } = this.#deps;
    const problems: string[] = [];
    try {
      await follow();
    } catch (error) {
      problems.push(`its pull requests could not be looked after: ${messageOf(error)}`);
    }
    try {
      this.#lastRunId = await heal();
    } catch (error) {
      // One at work is what is wanted.
      if (!(error instanceof AppError) || error.code !== 'conflict') {
        problems.push(`no run could be started: ${messageOf(error)}`);
      }
    }
    this.#problem = problems.length === 0 ? undefined : problems.join('; ');
    if (this.#problem !== undefined) log.warn({ problem: this.#problem }, 'the agent had a problem');
  }
}
