import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';

const runSchema = z.object({ runId: z.string(), status: z.string() });
const logSchema = z.object({ status: z.string(), lines: z.array(z.object({ message: z.string() })) });
const UNKNOWN = 'f'.repeat(32);

describe('lightdom runs', () => {
  const data = temporaryDataDir();
  const where = ['--data-dir', data.path, '--workspace', SHOP];
  let master: LightdomProcess;

  beforeAll(async () => {
    master = spawnLightdom(['start', '--json', '--port', '0', ...where]);
    await master.until(() => master.stdout().endsWith('}\n'));
  });

  afterAll(async () => {
    master.child.kill('SIGTERM');
    await master.exited;
    data.remove();
  });

  const runs = (...args: readonly string[]): ReturnType<typeof runLightdom> => runLightdom(['runs', ...args, ...where]);

  const drill = async (operations: number): Promise<string> => {
    const { stdout } = await runs('drill', '--operations', String(operations), '--chunks', '4', '--json');
    return runSchema.parse(JSON.parse(stdout)).runId;
  };

  it('explains its commands', async () => {
    const { code, stdout } = await runLightdom(['runs', '--help']);
    expect(code).toBe(0);
    const commands = ['list', 'show', 'log', 'watch', 'pause', 'resume', 'cancel', 'retry', 'approve', 'reject'];
    for (const name of [...commands, 'prioritize', 'prune', 'workers', 'drill'])
      expect(stdout).toContain(`  ${name} [`);
  });

  it('watches a run to its end: one JSON document, what happens on stderr', async () => {
    const runId = await drill(20_000);
    const watched = await runs('watch', runId, '--json');
    expect(watched.code).toBe(0);
    expect(runSchema.parse(JSON.parse(watched.stdout))).toMatchObject({ runId, status: 'completed' });
    expect(watched.stderr).toContain(`Drill of 20000 operations in 4 chunks (${runId})`);
    const shown = await runs('show', runId);
    expect(shown.stdout).toContain('4 parts: 4 completed');
    const parts = await runs('list', '--parent', runId, '--limit', '2');
    expect(parts.stdout).toContain(`part-of=${runId}`);
    const log = await runs('log', runId, '--follow', '--json');
    const { status, lines } = logSchema.parse(JSON.parse(log.stdout));
    expect(status).toBe('completed');
    expect(lines.at(-1)?.message).toBe('completed');
  });

  it('shows whoever watches that a run is paused, goes on and is cancelled, and ends with 130 then', async () => {
    const runId = await drill(50_000_000);
    const watching = spawnLightdom(['runs', 'watch', runId, ...where]);
    const following = spawnLightdom(['runs', 'log', runId, '--follow', ...where]);
    await following.until(() => following.stdout().includes('started on'));
    expect((await runs('pause', runId, '--reason', 'lunch')).code).toBe(0);
    await watching.until(() => watching.stderr().includes(`paused; go on with: lightdom runs resume ${runId}`));
    expect((await runs('prioritize', runId, '--priority', '8')).stdout).toContain('priority=8');
    expect((await runs('resume', runId)).code).toBe(0);
    await watching.until(() => watching.stderr().includes('attempt 2'));
    expect((await runs('cancel', runId, '--reason', 'enough')).stdout).toContain(' drill cancelled ');
    expect(await watching.exited).toBe(130);
    expect(await following.exited).toBe(0);
    expect(following.stdout()).toContain('paused: lunch');
    expect(following.stdout()).toContain('cancelled: enough');
  });

  it('stops watching at Ctrl-C, and the run goes on', async () => {
    const runId = await drill(50_000_000);
    const watching = spawnLightdom(['runs', 'watch', runId, ...where]);
    await watching.until(() => watching.stderr().includes(runId));
    watching.child.kill('SIGINT');
    expect(await watching.exited).toBe(130);
    expect(watching.stderr()).toContain('is not watched any more. It goes on.');
    expect((await runs('show', runId)).stdout).toMatch(/ drill (pending|running) /);
    await runs('cancel', runId);
  });

  it.each([
    [1, ['show', UNKNOWN], `There is no run \`${UNKNOWN}\``],
    [1, ['log', UNKNOWN, '--follow'], `There is no run \`${UNKNOWN}\``],
    [1, ['watch', UNKNOWN], `There is no run \`${UNKNOWN}\``],
    [1, ['pause', UNKNOWN], `There is no run \`${UNKNOWN}\``],
    [2, ['show', 'x'.repeat(100)], '"runId" is "xxx'],
    [2, ['list', '--status', 'lost'], '"waiting_approval"'],
    [2, ['list', '--limit', '-1'], '"limit" is -1, but must be at least 1'],
    [2, ['list', '--limit', 'many'], 'It is not a number.'],
    [2, ['prioritize', UNKNOWN], "required option '--priority <n>' not specified"],
    [2, ['prioritize', UNKNOWN, '--priority', '0'], '"priority" is 0, but must be at least 1'],
    [2, ['drill', '--operations', '-5'], '"operations" is -5, but must be at least 1'],
    [2, ['prune', '--older-than', '-1'], '"olderThanDays" is -1, but must be at least 0'],
    [2, ['puase'], 'There is no command `runs puase` (did you mean "pause"?).'],
  ])('ends with %i for runs %j', async (code, args, text) => {
    const answer = await runs(...args);
    expect(answer).toMatchObject({ code, stdout: '' });
    expect(answer.stderr).toContain(text);
  });

  it('refuses to change what has ended and says why', async () => {
    const runId = await drill(1_000);
    await runs('watch', runId);
    const answer = await runs('pause', runId);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(`Run \`${runId}\` is completed, so pause does not apply.`);
  });

  it('counts what it would delete, then deletes it', async () => {
    const counted = await runs('prune', '--older-than', '0', '--dry-run');
    expect(counted.stdout).toMatch(/^\d+ runs that ended more than 0 days ago would be deleted/);
    const deleted = await runs('prune', '--older-than', '0');
    expect(deleted.stdout).toBe(counted.stdout.replace('would be', 'were'));
    expect((await runs()).stdout).toBe('no runs\n');
  });
});
