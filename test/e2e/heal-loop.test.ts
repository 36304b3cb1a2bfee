import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHealDesk } from '../support/heal-desk.ts';
import type { HealDesk, SeenPull } from '../support/heal-desk.ts';

// Compilers, linters and tests are run for each fix, before and after.
const PATIENT = 240_000;

describe('healing by pull requests', { timeout: PATIENT }, () => {
  let desk: HealDesk;

  beforeAll(async () => {
    desk = await openHealDesk();
  }, PATIENT);
  afterAll(() => desk.close());

  const posted = async (): Promise<string[]> =>
    (await desk.hub.requests()).filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  const pullOf = (pulls: readonly SeenPull[], path: string): SeenPull => {
    const found = pulls.find(({ body }) => body.includes(`\`${path}:`));
    if (found === undefined) throw new Error(`No pull request is about ${path}.`);
    return found;
  };

  it('waits for a person, then pushes each fix on a branch of its own and opens a draft for it', async () => {
    const before = desk.workspace.git('for-each-ref');
    const runId = await desk.start({ mode: 'pull_request', seed: 7 });
    const question = await desk.asked(runId);
    expect(question).toContain('Push verified fixes and open a pull request for each?');
    expect(question).toMatch(/src\/price\.js \(2 of 2 mutants killed\)/);
    expect(await posted()).toEqual([]);
    expect(desk.remoteGit('branch', '--format=%(refname:short)')).toBe('main');

    await desk.answer(runId, 'approve');
    const { tried } = await desk.resultOf(runId);
    expect(tried.map(({ rule, outcome }) => `${rule} ${outcome}`).toSorted()).toEqual([
      'eslint/prefer-const verified',
      'ts/2552 verified',
    ]);
    const pulls = await desk.pulls();
    expect(tried.map(({ proposal = '' }) => proposal.replace(/^.*\/acme/, 'acme')).toSorted()).toEqual([
      'acme/shop/pull/1',
      'acme/shop/pull/2',
    ]);
    expect(pulls.map(({ state, draft, labels }) => ({ state, draft, labels: labels.map(({ name }) => name) }))).toEqual(
      [
        { state: 'open', draft: true, labels: ['lightdom'] },
        { state: 'open', draft: true, labels: ['lightdom'] },
      ],
    );
    const { head } = pullOf(pulls, 'src/price.js');
    expect(head.ref).toMatch(/^agent\/[0-9a-f]{12}$/);
    expect(desk.remoteGit('log', '--format=%an', `main..${head.ref}`)).toBe('LightDom agent');
    const change = desk.remoteGit('diff', '--unified=0', 'main', head.ref).split('\n');
    expect(change.filter((line) => /^[-+]/.test(line))).toEqual([
      '--- a/src/price.js',
      '+++ b/src/price.js',
      '-  let tax = net * rate;',
      '+  const tax = net * rate;',
    ]);
    expect(desk.workspace.git('for-each-ref')).toBe(before);
    expect(desk.workspace.git('status', '--porcelain')).toBe('');
  });

  it('tells a reviewer what was wrong, what was done, what was seen of it and what was not', async () => {
    const { title, body, head } = pullOf(await desk.pulls(), 'src/price.js');
    expect(title).toBe('fix: Apply the fix of eslint/prefer-const in src/price.js');
    expect(body.match(/^## .*$/gm)).toEqual([
      '## What was wrong',
      '## What was changed',
      '## What was seen of it',
      '## How sure it is',
      '## What was not verified',
      '## How to see the same',
    ]);
    expect(body).toContain("'tax' is never reassigned. Use 'const' instead.");
    expect(body).toContain('a fix of ESLint 10.15.0 itself');
    expect(body).toContain('1 line added and 1 removed in 1 file: `src/price.js`.');
    expect(body).toMatch(
      /\| 1 \| types \| no worse than before \| exit code 1, 1 diagnostic, .* s \| exit code 1, .* \|/,
    );
    expect(body).toMatch(
      /\| 2 \| lint \| passed \| exit code 1, 1 diagnostic, .* s \| exit code 0, 0 diagnostics, .* \|/,
    );
    expect(body).toMatch(/\| 3 \| tests \| passed \| exit code 0, .* \| exit code 0, .* \|/);
    expect(body).toContain('gate 2: $ eslint src/price.js\ngone: src/price.js: eslint/prefer-const');
    expect(body).toContain('Of 2 mutants (small faults put into the change) the gates noticed 2, tests 2 of these');
    expect(body).toMatch(/is verified and accepted: 0\.\d\d.*baseline, all fixes alike, is 0\.\d\d/);
    expect(body).toContain('- types: failed before the change too; it is only known to be no worse.');
    expect(body).toContain(`branch \`${head.ref}\`, seed 7`);
    expect(body).toContain('```sh\ntsc --noEmit -p tsconfig.json\neslint src/price.js\n');
    expect(body.match(/Verification: verified/g)).toHaveLength(1);
  });

  it('opens nothing a second time, and asks nobody for nothing', async () => {
    const requests = await posted();
    const runId = await desk.start({ mode: 'pull_request' });
    const { tried, left } = await desk.resultOf(runId);
    expect({ tried, left }).toMatchObject({ tried: [], left: { already_proposed: 2 } });
    expect(await posted()).toEqual(requests);
  });

  it('sees failing checks, learns what people merged and closed, and leaves both alone', async () => {
    const pulls = await desk.pulls();
    const [merged, closed] = [pullOf(pulls, 'src/price.js'), pullOf(pulls, 'src/cart.js')];
    const place = { owner: 'acme', name: 'shop' };
    const runs = [{ name: 'ci', status: 'completed' as const, conclusion: 'failure' as const }];
    await desk.hub.control({ order: 'setChecks', ...place, revision: merged.head.sha, runs });
    expect((await desk.follow()).map(({ state, checks, did }) => ({ state, checks, did }))).toContainEqual({
      state: 'open',
      checks: 'failed',
      did: 'nothing',
    });

    await desk.hub.control({ order: 'merge', ...place, number: merged.number });
    await desk.hub.control({ order: 'setState', ...place, number: closed.number, state: 'closed' });
    expect((await desk.follow()).map(({ state, did }) => `${state} ${did}`).toSorted()).toEqual([
      'closed learned_rejected',
      'merged learned_merged',
    ]);
    const { counts, tasks } = await desk.app.services.agent.listTasks({ limit: 50 });
    expect(counts).toMatchObject({ merged: 1, rejected: 1, proposed: 0 });
    const rejected = tasks.find(({ state }) => state === 'rejected');
    expect(Date.parse(rejected?.coolDownUntil ?? '')).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const { fixability } = await desk.app.services.agent.status(undefined, AbortSignal.timeout(60_000));
    // One of two was right, and Laplace's rule adds one of each.
    expect(fixability).toMatchObject({ outcomes: 2, rate: 0.5 });
    expect(await desk.follow()).toEqual([]);

    const requests = await posted();
    const again = await desk.resultOf(await desk.start({ mode: 'pull_request' }));
    expect(again).toMatchObject({ tried: [], left: { already_proposed: 1, cool_down: 1 } });
    expect(await posted()).toEqual(requests);
    expect((await desk.pulls()).map(({ state }) => state)).toEqual(['closed', 'closed']);
  });
});
