import { z } from 'zod';
import { defineTool } from '../../src/surface/index.ts';

const workerSchema = z.object({
  executorId: z.string().describe('Host and slot, as in the logs of runs.'),
  host: z.string().describe('Where it runs.'),
  pid: z.number().int().describe('Its process there.'),
  queues: z.array(z.string()).describe('What it executes: runs, batches (parts of large runs).'),
  startedAt: z.string().describe('ISO 8601.'),
  silentMs: z.number().describe('Since its last sign of life.'),
});

export const runWorkers = defineTool({
  name: 'run_workers',
  title: 'List workers',
  description:
    'Returns the processes that execute runs, one line each; one that died stands here until its runs have gone to another. Choose it when runs stay pending; choose system_status for the platform as a whole.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({}),
  output: z.object({ workers: z.array(workerSchema).describe('By executor id.') }),
  summary: ({ workers }) =>
    workers.length === 0
      ? 'no worker; start one with `lightdom start` or `lightdom worker`'
      : workers.map(renderWorker).join('\n'),
  async run(_input, { services }) {
    const workers = await services.runs.listWorkers();
    return {
      workers: workers.map((worker) => ({
        executorId: worker.executorId,
        host: worker.host,
        pid: worker.pid,
        queues: [...worker.queues],
        startedAt: worker.startedAt,
        silentMs: Math.max(0, Math.round(worker.silentMs)),
      })),
    };
  },
});

function renderWorker({ executorId, pid, queues, startedAt, silentMs }: z.infer<typeof workerSchema>): string {
  const seen = `seen ${(silentMs / 1000).toFixed(1)} s ago`;
  return `${executorId} pid ${pid} executes ${queues.join(', ')} since ${startedAt.slice(0, 19)}Z, ${seen}`;
}
