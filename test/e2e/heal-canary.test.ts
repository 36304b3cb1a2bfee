import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/core/log.ts';
import { filesWith, hasObjectWith, tablesWith } from '../support/canary-search.ts';
import { openHealDesk } from '../support/heal-desk.ts';
import type { HealDesk, HealResult } from '../support/heal-desk.ts';

const PATIENT = 240_000;
/** It looks like no token: it must be kept, not recognised. */
const TOKEN = 'canary.of.the.token.5d1f8a';
/** That of the workspace is known by its looks alone. */
const KEY = 'AKIACANARY0123456789';
const NAMES = ['a', 'b', 'c'];

const fileOf = (name: string): string => `const key = '${KEY}';
/** @param {number} net */
export function ${name}(net) {
  let tax = net * 2;
  return tax + key.length;
}
`;

describe('secrets while pull requests are made and fail', { timeout: PATIENT }, () => {
  const logs = mkdtempSync(join(tmpdir(), 'lightdom-logs-'));
  const logFile = join(logs, 'log.jsonl');
  const answers: string[] = [];
  let desk: HealDesk;
  let tried: HealResult['tried'] = [];

  beforeAll(async () => {
    desk = await openHealDesk({
      github: { token: TOKEN },
      agent: { mutants: 0, maxOpenPullRequests: 10 },
      log: createLog({ level: 'trace', file: logFile }),
      prepare: (workspace) => {
        for (const name of NAMES) workspace.write(`src/${name}.js`, fileOf(name));
        workspace.write(
          'test/price.test.js',
          `import test from 'node:test';\nimport { a } from '../src/a.js';\nconsole.log('${KEY}');\ntest('a ${KEY}', () => a(1));\n`,
        );
        workspace.commit('Three more faults, and a key');
      },
    });
  }, PATIENT);
  afterAll(async () => {
    await desk.close();
    rmSync(logs, { recursive: true, force: true });
  });

  /** As a careless proxy would answer: with what it was sent. */
  const fail = (method: string, path: string, status: number): Promise<void> =>
    desk.hub.control({
      order: 'fail',
      method,
      path,
      status,
      body: { message: `no: Authorization: Bearer ${TOKEN}`, documentation_url: `https://${TOKEN}@github.example` },
    });

  it('each failure is told with the fix that it hit, and takes nothing from the others', async () => {
    await fail('GET', '/repos/acme/shop', 401);
    await fail('POST', '/pulls', 500);
    const result = await desk.propose({ scope: 'src/?.js', sources: ['eslint'] });
    ({ tried } = result);
    answers.push(JSON.stringify(result));
    expect(tried.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual(
      NAMES.map((name) => `src/${name}.js verified`),
    );
    expect(tried.map(({ reason }) => reason?.startsWith('It could not be handed over') === true)).toEqual([
      true,
      true,
      false,
    ]);
    expect(await desk.pulls()).toHaveLength(1);
  });

  it('a server that refuses the push with what it was sent is no exception', async () => {
    const hook = join(desk.hub.root, 'acme/shop.git/hooks/pre-receive');
    writeFileSync(hook, `#!/bin/sh\necho "refused: x-access-token:$CANARY" >&2\nexit 1\n`.replace('$CANARY', TOKEN), {
      mode: 0o755,
    });
    const result = await desk.propose({ scope: 'src/a.js', sources: ['eslint'] });
    rmSync(hook);
    answers.push(JSON.stringify(result));
    expect(result.tried).toHaveLength(1);
    expect(result.tried[0]?.reason).toContain('It could not be handed over');
    await fail('GET', '/pulls/1', 403);
    expect(await desk.follow()).toMatchObject([{ did: 'failed' }]);
  });

  it('answers of tools hold neither', async () => {
    const { runs } = await desk.app.services.runs.list({ limit: 50 });
    const calls: readonly (readonly [string, Record<string, unknown>])[] = [
      ['agent_status', {}],
      ['agent_tasks', {}],
      ...tried.map(({ taskId }) => ['agent_task', { taskId }] as const),
      ...runs.flatMap(({ runId }) => [['run_get', { runId }] as const, ['run_log', { runId }] as const]),
    ];
    for (const [name, input] of calls) {
      const answer = await desk.app.call(name, input);
      expect(answer).toMatchObject({ isError: false });
      answers.push(answer.text, JSON.stringify(answer.structured));
    }
    expect(answers.filter((text) => text.includes(TOKEN))).toEqual([]);
    expect(answers.filter((text) => text.includes(KEY))).toEqual([]);
    expect(answers.join('\n')).toContain('[Redacted]');
  });

  it('pull requests hold neither', async () => {
    const pulls = await desk.pulls();
    const sent = (await desk.hub.requests()).map(({ body, headers, query, path }) =>
      [body, headers, query, path].join(),
    );
    const texts = [...pulls.map(({ title, body }) => title + body), ...sent];
    expect(texts.filter((text) => text.includes(TOKEN) || text.includes(KEY))).toEqual([]);
    const bare = join(desk.hub.root, 'acme/shop.git');
    expect(filesWith(bare, TOKEN)).toEqual([]);
    expect(hasObjectWith(bare, TOKEN)).toBe(false);
    // The search sees what is there: the key is in the repository itself.
    expect(hasObjectWith(bare, KEY)).toBe(true);
  });

  it('no table of the database holds either', async () => {
    const { databaseUrl } = desk.app;
    const known = await tablesWith(databaseUrl, 'src/a.js');
    expect(known.tables).toBeGreaterThan(30);
    expect(known.found).toContain('lightdom.agent_attempt');
    expect((await tablesWith(databaseUrl, TOKEN)).found).toEqual([]);
    expect((await tablesWith(databaseUrl, KEY)).found).toEqual([]);
  });

  it('no file of the data folder, the workspace or the log holds the token', () => {
    const { dataDir } = desk.app;
    expect(readFileSync(logFile, 'utf8')).toContain('this process executes runs');
    for (const folder of [dataDir, desk.workspace.root, logs]) expect(filesWith(folder, TOKEN)).toEqual([]);
    expect(filesWith(logs, KEY)).toEqual([]);
    const own = join(dataDir, 'agent/repositories');
    const repositories = readdirSync(own).map((name) => join(own, name));
    expect(repositories.filter((path) => existsSync(join(path, 'HEAD')))).toHaveLength(1);
    for (const path of repositories) expect(hasObjectWith(path, TOKEN)).toBe(false);
    expect(hasObjectWith(join(desk.workspace.root, '.git'), TOKEN)).toBe(false);
    expect(readdirSync(join(dataDir, 'agent/trees'))).toEqual([]);
  });
});
