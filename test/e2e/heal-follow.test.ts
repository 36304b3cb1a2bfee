import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHealDesk } from '../support/heal-desk.ts';
import type { HealDesk } from '../support/heal-desk.ts';

const PATIENT = 240_000;
const ONE = { scope: 'src/price.js', sources: ['eslint'] };
const PLACE = { owner: 'acme', name: 'shop' };

describe('pull requests of the agent that people answer', { timeout: PATIENT }, () => {
  let desk: HealDesk;

  beforeAll(async () => {
    desk = await openHealDesk({ agent: { mutants: 0, maxOpenPullRequests: 1 } });
  }, PATIENT);
  afterAll(() => desk.close());

  const remoteRefs = (): string => desk.remoteGit('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads');

  it('leaves nothing behind when a person refuses', async () => {
    const before = remoteRefs();
    const runId = await desk.start({ mode: 'pull_request', ...ONE });
    await desk.asked(runId);
    await desk.answer(runId, 'reject');
    const run = await desk.app.services.runs.waitFor(runId);
    expect(run.status).not.toBe('completed');
    expect(remoteRefs()).toBe(before);
    expect((await desk.hub.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(desk.workspace.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('brings a branch up to date when its base has moved and it no longer fits', async () => {
    const { tried } = await desk.propose(ONE);
    const [{ branch = '' } = {}] = tried;
    desk.workspace.write('README.md', 'A shop.\n');
    const moved = desk.workspace.commit('Say what it is');
    desk.workspace.git('push', '--quiet', `${desk.hub.root}/acme/shop.git`, 'main');
    expect(desk.remoteGit('rev-parse', 'main')).toBe(moved);
    expect(await desk.follow()).toMatchObject([{ state: 'open', did: 'nothing' }]);

    await desk.hub.control({ order: 'setRepository', ...PLACE, saysConflicts: true });
    expect(await desk.follow()).toMatchObject([{ state: 'open', did: 'brought_up_to_date' }]);
    expect(desk.remoteGit('rev-parse', `${branch}^`)).toBe(moved);
    expect(desk.remoteGit('diff', '--stat=200', 'main', branch)).toContain('src/price.js | 2 +-');
    expect(await desk.follow()).toMatchObject([{ did: 'has_conflicts' }]);
  });

  it('keeps a fix for which there is no room in this repository, and says so', async () => {
    const { tried } = await desk.propose({ scope: 'src/cart.js' });
    expect(tried).toMatchObject([{ outcome: 'verified', path: 'src/cart.js' }]);
    expect(tried[0]?.reason).toContain('1 pull requests of the agent are open, and 1 may be');
    expect(await desk.pulls()).toHaveLength(1);
    expect(remoteRefs().split('\n')).toHaveLength(2);
  });

  it('never touches what a person closed, even when all else was forgotten', async () => {
    await desk.hub.control({ order: 'setState', ...PLACE, number: 1, state: 'closed' });
    const refs = remoteRefs();
    const other = await desk.openOther();
    const { tried } = await other.propose(ONE);
    expect(tried).toMatchObject([{ outcome: 'verified', path: 'src/price.js' }]);
    expect(tried[0]?.reason).toContain('A person closed');
    expect(remoteRefs()).toBe(refs);
    expect((await desk.pulls()).map(({ state }) => state)).toEqual(['closed']);
  });
});
