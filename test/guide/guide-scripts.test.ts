import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { REPOSITORY, runLightdom, spawnLightdom, temporaryDataDir } from '../support/master-process.ts';
import type { LightdomProcess } from '../support/master-process.ts';
import { freePort } from '../support/own-master.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')));

const BUILD = 'npm run build && ';
const MAIN = 'node dist/bin/lightdom.js ';

/** What a script gives to `lightdom`; what it runs is what was built when the tests began. */
function argsOf(script: string): string[] {
  const line = scripts[script] ?? '';
  expect(line.startsWith(BUILD + MAIN), `${script}: ${line}`).toBe(true);
  return line.slice((BUILD + MAIN).length).split(' ');
}

describe('the npm scripts of the guide', () => {
  it.each([
    ['master:start', ['start']],
    ['master:start:full', ['start', '--full']],
    ['master:start:dev', ['start', '--mode', 'development']],
    ['master:start:production', ['start', '--mode', 'production']],
    ['orchestrator', ['status']],
  ])('%s runs lightdom with %j', (script, args) => {
    expect(argsOf(script)).toEqual(args);
  });

  it.each([
    ['test:integration:master', 'vitest run test/orchestrator'],
    ['test:unit', 'vitest run --project unit'],
    ['test:integration', 'vitest run --project integration'],
  ])('%s runs tests on a fresh build', (script, command) => {
    expect(scripts[script]).toBe(`${BUILD}${command}`);
  });
});

describe('master:start:dev', () => {
  const data = temporaryDataDir();
  let database: TestDatabase;
  let env: Record<string, string> = {};
  let master: LightdomProcess | undefined;

  beforeAll(async () => {
    database = await createProductDatabase();
    env = {
      DATABASE_URL: database.url,
      LIGHTDOM_DATA_DIR: data.path,
      LIGHTDOM_WORKSPACE: SHOP,
      LIGHTDOM_HTTP_PORT: String(await freePort()),
    };
  });

  afterEach(async () => {
    if (master?.child.exitCode === null) master.child.kill('SIGTERM');
    await master?.exited;
    master = undefined;
  });

  afterAll(async () => {
    await database.drop();
    data.remove();
  });

  const start = async (more: Record<string, string>): Promise<LightdomProcess> => {
    const started = spawnLightdom(argsOf('master:start:dev'), { ...env, ...more });
    master = started;
    await started.until(() => started.stdout().includes('ready: '));
    return started;
  };

  it('AUTO_INDEX=true: indexes at the start, answers the curls, is seen by `npm run orchestrator`, ends at SIGTERM', async () => {
    const started = await start({ AUTO_INDEX: 'true' });
    expect(started.stderr()).toContain('phase 2 Index codebase: done');
    const url = `http://127.0.0.1:${env['LIGHTDOM_HTTP_PORT']}`;
    expect(started.stdout()).toContain(`ready: ${url}`);
    const token = readFileSync(join(data.path, 'token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['status', 'metrics']) {
      expect((await fetch(`${url}/api/master/${path}`, { headers })).status).toBe(200);
    }
    const shown = await runLightdom(argsOf('orchestrator'), env);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('system running');
    started.child.kill('SIGTERM');
    expect(await started.exited).toBe(0);
  });

  it('AUTO_AGENT=true: the agent heals from the start', async () => {
    const started = await start({ AUTO_AGENT: 'true' });
    expect(started.stderr()).toContain('phase 4 Autonomous agent: done');
  });
});
