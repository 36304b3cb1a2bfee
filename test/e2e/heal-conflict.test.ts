import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHealDesk } from '../support/heal-desk.ts';
import type { HealDesk } from '../support/heal-desk.ts';

const PATIENT = 240_000;
const ONE = { scope: 'src/price.js', sources: ['eslint'] };

/** Makes the same line another one for everybody: here, and at the remote. */
function changeBase(desk: HealDesk, line: string): string {
  desk.workspace.write(
    'src/price.js',
    `/** @param {number} net @param {number} rate */
export function gross(net, rate) {
  ${line}
  return net + tax;
}
`,
  );
  const commit = desk.workspace.commit(`Say ${line}`);
  desk.workspace.git('push', '--quiet', `${desk.hub.root}/acme/shop.git`, 'HEAD:main');
  return commit;
}

describe('pull requests of the agent whose base changes the same lines', { timeout: PATIENT }, () => {
  let desk: HealDesk;
  let branch = '';

  beforeAll(async () => {
    desk = await openHealDesk({ agent: { mutants: 0 } });
    const { tried } = await desk.propose(ONE);
    branch = tried[0]?.branch ?? '';
  }, PATIENT);
  afterAll(() => desk.close());

  it('names the conflict, and leaves it while the change is not here', async () => {
    const here = desk.workspace.git('rev-parse', 'HEAD');
    changeBase(desk, 'let tax = rate * net;');
    desk.workspace.git('reset', '--quiet', '--hard', here);
    const [followed] = await desk.follow();
    expect(followed).toMatchObject({ did: 'has_conflicts', state: 'open' });
    expect(followed?.reason).toMatch(/main at \w{10} in src\/price\.js\. With that commit here/);
    const { tried, left } = await desk.resultOf(await desk.start({ ...ONE }));
    expect({ tried, left: left['already_proposed'] }).toEqual({ tried: [], left: 1 });
  });

  it('makes the fix anew once the change is here, in the same pull request', async () => {
    const former = desk.remoteGit('rev-parse', branch);
    const base = desk.remoteGit('rev-parse', 'main');
    desk.workspace.git('fetch', '--quiet', `${desk.hub.root}/acme/shop.git`, 'main');
    desk.workspace.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
    expect(await desk.follow()).toMatchObject([{ did: 'to_be_made_anew' }]);
    const { tried } = await desk.propose(ONE);
    expect(tried).toMatchObject([{ outcome: 'verified', branch }]);
    expect(desk.remoteGit('rev-parse', `${branch}^`)).toBe(base);
    expect(desk.remoteGit('diff', 'main', branch)).toContain('+  const tax = rate * net;');
    const pulls = await desk.pulls();
    expect(pulls).toMatchObject([{ state: 'open', head: { ref: branch } }]);
    expect(pulls[0]?.body).toContain(base.slice(0, 7));
    expect(desk.remoteGit('rev-parse', branch)).not.toBe(former);
    expect(await desk.follow()).toMatchObject([{ did: 'nothing' }]);
  });

  it('closes it with the reason when its base has the same change by now', async () => {
    changeBase(desk, 'const tax = rate * net;');
    const [followed] = await desk.follow();
    expect(followed).toMatchObject({ did: 'closed', state: 'closed' });
    expect(followed?.reason).toContain('has the same change already');
    expect((await desk.pulls()).map(({ state }) => state)).toEqual(['closed']);
    expect(await desk.follow()).toEqual([]);
    const { tried } = await desk.resultOf(await desk.start({ ...ONE }));
    expect(tried).toEqual([]);
  });
});
