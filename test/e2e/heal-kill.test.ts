import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stateOf } from '../checkouts/folder-state.ts';
import { createHealWorkspace } from '../support/heal-workspace.ts';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';
import { openTaskClient } from '../support/task-client.ts';
import type { TaskClient } from '../support/task-client.ts';

const PATIENT = 240_000;
const runSchema = z.object({
  status: z.string(),
  attempt: z.number(),
  result: z.object({ tried: z.array(z.object({ path: z.string(), outcome: z.string() })) }).optional(),
});
const answerSchema = z.object({ structuredContent: z.object({ run: runSchema }) });

/** Long enough to be met while it runs. */
const SLOW_TEST = `import test from 'node:test';
test('takes its time', () => new Promise((resolve) => setTimeout(resolve, 3_000)));
`;

describe('a master that is killed with -9 while it heals', () => {
  const data = temporaryDataDir();
  const workspace = createHealWorkspace();
  const where = ['--data-dir', data.path, '--workspace', workspace.root];

  afterEach(async () => {
    await runLightdom(['stop', ...where]);
    data.remove();
    workspace.remove();
  });

  const startMaster = async (): Promise<{ master: LightdomProcess; client: TaskClient }> => {
    // Its runs are executed by the master itself, and die with it.
    const env = { LIGHTDOM_RUNS_WORKERS: '0', LIGHTDOM_SERVICES_AGENT_MUTANTS: '0' };
    const master = spawnLightdom(['start', '--json', '--port', '0', ...where], env);
    await master.until(() => master.stdout().endsWith('}\n'));
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(master.stdout()));
    const token = readFileSync(join(data.path, 'token'), 'utf8').trim();
    return { master, client: await openTaskClient({ url, token }) };
  };
  const trees = (): string[] => {
    const folder = join(data.path, 'agent/trees');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it(
    'leaves the repository as it was, and the next one goes on and clears away what was left',
    async () => {
      workspace.write('test/slow.test.js', SLOW_TEST);
      workspace.commit('A slow test');
      const before = stateOf(workspace.root);
      const { master: victim, client } = await startMaster();
      const { taskId } = await client.create('agent_heal', { scope: 'src/price.js' });
      await untilProgram(data.path, 'slow.test.js');
      victim.child.kill('SIGKILL');
      expect(await victim.exited).toBe('SIGKILL');
      expect(stateOf(workspace.root)).toEqual(before);
      expect(trees().length).toBeGreaterThan(0);

      const { master: heir, client: again } = await startMaster();
      const task = await again.until(taskId, 'completed', 'failed', 'cancelled');
      const { run } = answerSchema.parse(task['result']).structuredContent;
      expect(run).toMatchObject({ status: 'completed', attempt: 2 });
      expect(run.result?.tried).toEqual([expect.objectContaining({ path: 'src/price.js', outcome: 'verified' })]);
      expect(trees()).toEqual([]);
      expect(programsOf(data.path, 'slow.test.js')).toEqual([]);
      expect(stateOf(workspace.root)).toEqual(before);
      await again.close();
      heir.child.kill('SIGTERM');
      expect(await heir.exited).toBe(0);
    },
    PATIENT,
  );
});

/** Process ids of programs that run in a checkout of the data folder. */
function programsOf(dataDir: string, word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(join(dataDir, 'agent/trees')) && command.includes(word);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

async function untilProgram(dataDir: string, word: string): Promise<void> {
  while (programsOf(dataDir, word).length === 0) await sleep(50);
}
