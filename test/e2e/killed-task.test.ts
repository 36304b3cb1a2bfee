import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';
import { openTaskClient } from '../support/task-client.ts';
import type { TaskClient } from '../support/task-client.ts';

const seenRun = z.object({
  runId: z.string(),
  status: z.string(),
  attempt: z.number(),
  progress: z.object({ done: z.number() }),
  result: z.unknown().optional(),
});
type SeenRun = z.infer<typeof seenRun>;
const structuredSchema = z.object({ structuredContent: z.object({ run: seenRun }) });

/** Long enough to be met on its way. */
const DRILL = { operations: 500_000, chunks: 8 };

describe('a task of a master that is killed with -9', () => {
  const data = temporaryDataDir();
  const where = ['--data-dir', data.path, '--workspace', SHOP];

  afterEach(async () => {
    await runLightdom(['stop', ...where]);
    data.remove();
  });

  const startMaster = async (): Promise<{ master: LightdomProcess; client: TaskClient }> => {
    // Its runs are executed by the master itself, and die with it.
    const master = spawnLightdom(['start', '--json', '--port', '0', ...where], { LIGHTDOM_RUNS_WORKERS: '0' });
    await master.until(() => master.stdout().endsWith('}\n'));
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(master.stdout()));
    const token = readFileSync(join(data.path, 'token'), 'utf8').trim();
    return { master, client: await openTaskClient({ url, token }) };
  };

  it('goes on with the next master, and is the same by its task, its run and its resource', async () => {
    const { master: victim, client } = await startMaster();
    const { taskId } = await client.create('run_drill', DRILL);
    const under = await untilUnderWay(client, taskId);
    expect(under).toMatchObject({ runId: taskId, status: 'running', attempt: 1 });
    victim.child.kill('SIGKILL');
    expect(await victim.exited).toBe('SIGKILL');

    const { master: heir, client: again } = await startMaster();
    const task = await again.until(taskId, 'completed', 'failed', 'cancelled');
    const { run: ofTask } = structuredSchema.parse(task['result']).structuredContent;
    expect(ofTask).toMatchObject({ runId: taskId, status: 'completed', attempt: 2 });
    expect(ofTask.result).toMatchObject({ rows: DRILL.operations, distinct: DRILL.operations });
    expect(await runOf(again, taskId)).toEqual(ofTask);
    const { contents } = await again.client.readResource({ uri: `run://${taskId}` });
    const [content] = z.array(z.object({ text: z.string() })).parse(contents);
    expect(seenRun.parse(JSON.parse(content?.text ?? ''))).toEqual(ofTask);
    await again.close();
    heir.child.kill('SIGTERM');
    expect(await heir.exited).toBe(0);
  }, 180_000);
});

async function runOf({ client }: TaskClient, runId: string): Promise<SeenRun> {
  const answer = structuredSchema.parse(await client.callTool({ name: 'run_get', arguments: { runId } }));
  return answer.structuredContent.run;
}

/** The run when some of it is stored. */
async function untilUnderWay(client: TaskClient, runId: string): Promise<SeenRun> {
  for (;;) {
    const run = await runOf(client, runId);
    if (run.progress.done > 0 || run.status === 'completed') return run;
  }
}
