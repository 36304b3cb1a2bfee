import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TypedEvents } from '../../src/core/events.ts';
import { runSchema } from '../../src/runs/index.ts';

const CHILD = fileURLToPath(new URL('../fixtures/runs/run-child.mjs', import.meta.url));

const reportSchema = z.object({
  open: z.string().optional(),
  executing: z.string().optional(),
  aborted: z.string().optional(),
  started: z.string().optional(),
  ended: runSchema.optional(),
  controlled: runSchema.optional(),
  row: z.number().optional(),
  runId: z.string().optional(),
  attempt: z.number().optional(),
  closed: z.boolean().optional(),
  failed: z.string().optional(),
});
export type ChildReport = z.infer<typeof reportSchema>;

/** A process of `run-child.mjs`, of the built code. */
export class RunChild {
  readonly process: ChildProcess;
  readonly reports: ChildReport[] = [];
  stdout = '';
  readonly #events = new TypedEvents<{ report: [ChildReport] }>();

  constructor(databaseUrl: string, options: { readonly host?: string; readonly concurrency?: number } = {}) {
    const { host = 'child', concurrency = 2 } = options;
    const args = [databaseUrl, host, String(concurrency)];
    this.process = fork(CHILD, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.process.stderr?.resume();
    this.process.on('message', (message) => {
      const report = reportSchema.parse(message);
      this.reports.push(report);
      this.#events.emit('report', report);
    });
  }

  /** The executor id, once it executes. */
  async opened(): Promise<string> {
    return (await this.report(({ open }) => open !== undefined)).open ?? '';
  }

  /** The first report that is meant, of the past or to come. */
  report(isMeant: (report: ChildReport) => boolean): Promise<ChildReport> {
    const found = this.reports.find((report) => isMeant(report));
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const stop = this.#events.on('report', (report) => {
        if (!isMeant(report)) return;
        stop();
        resolve(report);
      });
    });
  }

  /** Starts a run there; returns its id. */
  async start(kind: string, input: unknown = { text: 'hello' }): Promise<string> {
    const before = new Set(this.reports);
    this.process.send({ start: kind, input });
    return (await this.report((report) => report.started !== undefined && !before.has(report))).started ?? '';
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.hasEnded()) return;
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    await exit;
  }

  /** Ends in an orderly way; returns exit code and signal. */
  async close(): Promise<unknown> {
    const exit = once(this.process, 'exit');
    this.process.send({ close: true });
    return exit;
  }

  async exited(): Promise<void> {
    if (!this.hasEnded()) await once(this.process, 'exit');
  }

  hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
}
