import { Piscina } from 'piscina';
import { z } from 'zod';
import { entryPath } from '../../core/process/index.ts';
import type { DrillTask } from './drill-task.ts';

const IDLE_EXIT_MS = 10_000;
/** One makes millions of rows a second, more than a database takes; each further one costs CPU to start. */
const THREADS = 1;

/** The thread that computes for drills; it ends when idle. */
export class DrillPool {
  readonly #pool = new Piscina<DrillTask, unknown>({
    filename: entryPath(import.meta.url, './drill-worker.ts'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_EXIT_MS,
  });

  async makeRows(task: DrillTask, signal: AbortSignal): Promise<Uint8Array> {
    return z.instanceof(Uint8Array).parse(await this.#pool.run(task, { name: 'makeRows', signal }));
  }

  async sumValues(task: DrillTask, signal: AbortSignal): Promise<string> {
    return z.string().parse(await this.#pool.run(task, { name: 'sumValues', signal }));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
