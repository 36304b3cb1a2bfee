import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import { createSourcesWorkspace } from '../support/sources-workspace.ts';

const runsSchema = z.object({
  runs: z.array(z.object({ runId: z.string(), status: z.string(), attempt: z.number() })),
});
const graphSchema = z.object({ graph: z.object({ generation: z.number(), state: z.string(), files: z.number() }) });

describe('a master that is killed with -9 during an index', () => {
  const data = temporaryDataDir();
  const workspace = createSourcesWorkspace();
  const where = ['--data-dir', data.path, '--workspace', workspace.root];

  afterEach(async () => {
    await runLightdom(['stop', ...where]);
    data.remove();
    workspace.remove();
  });

  it('leaves the last generation intact, and the next start resumes the run', async () => {
    const first = await runLightdom(['index', ...where]);
    expect(first.code).toBe(0);

    const victim = spawnLightdom(['start', '--full', '--port', '0', ...where], { LIGHTDOM_LOG_LEVEL: 'info' });
    await victim.until(() => victim.stderr().includes('phase 2 Index codebase: done'));
    const running = await untilNewest(where, ({ status }) => status === 'running');
    expect(running).toMatchObject({ attempt: 1 });
    victim.child.kill('SIGKILL');
    expect(await victim.exited).toBe('SIGKILL');

    const heir = spawnLightdom(['start', '--json', '--port', '0', ...where]);
    await heir.until(() => heir.stdout().endsWith('}\n'));
    const { graph } = graphSchema.parse(JSON.parse(heir.stdout()));
    expect(graph.state).not.toBe('none');
    expect(graph.files).toBeGreaterThan(50);
    const resumed = await untilNewest(where, ({ status }) => status !== 'pending' && status !== 'running');
    expect(resumed).toEqual({ runId: running.runId, status: 'completed', attempt: 2 });
    heir.child.kill('SIGTERM');
    expect(await heir.exited).toBe(0);
  }, 180_000);
});

type SeenRun = z.infer<typeof runsSchema>['runs'][number];

/** Asks again and again until the newest run is as wanted. */
async function untilNewest(where: readonly string[], isWanted: (run: SeenRun) => boolean): Promise<SeenRun> {
  for (;;) {
    const answer = await runLightdom(['runs', 'list', '--kind', 'graph_index', '--limit', '1', '--json', ...where]);
    const [run] = runsSchema.parse(JSON.parse(answer.stdout)).runs;
    if (run !== undefined && isWanted(run)) return run;
    await delay(500);
  }
}
