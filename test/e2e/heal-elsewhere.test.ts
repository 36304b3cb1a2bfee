import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openHealDesk } from '../support/heal-desk.ts';
import type { HealDesk } from '../support/heal-desk.ts';

const PATIENT = 240_000;
const ONE = { scope: 'src/price.js', sources: ['eslint'] };

let desk: HealDesk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});

it(
  'without a token a pull request is files, whose patch git takes as it is',
  async () => {
    desk = await openHealDesk({ hasToken: false, agent: { mutants: 0 } });
    // Nothing is published: nobody is asked.
    const { tried } = await desk.resultOf(await desk.start({ mode: 'pull_request', ...ONE }));
    const [{ proposal: folder = '', reason: howToApply = '' } = {}] = tried;
    expect(folder).toMatch(new RegExp(`^${join(desk.app.dataDir, 'pull-requests')}/agent~[0-9a-f]{12}$`));
    const page = readFileSync(join(folder, 'PULL_REQUEST.md'), 'utf8');
    expect(page).toContain('# fix: Apply the fix of eslint/prefer-const in src/price.js');
    expect(page).toContain(howToApply);
    expect(page).toContain('## What was not verified');

    const before = desk.workspace.git('rev-parse', 'HEAD');
    desk.workspace.git('config', 'user.name', 'Ada');
    desk.workspace.git('config', 'user.email', 'ada@example.org');
    const { root } = desk.workspace;
    execFileSync('sh', ['-c', howToApply], { cwd: root, stdio: 'pipe' });
    expect(desk.workspace.git('rev-parse', 'HEAD^')).toBe(before);
    expect(desk.workspace.git('show', '--format=%an: %s', '--stat=200')).toMatch(
      /^LightDom agent: fix: Apply the fix of eslint\/prefer-const in src\/price\.js\n\n src\/price\.js \| 2 \+-/,
    );
    expect(readFileSync(join(root, 'src/price.js'), 'utf8')).toContain('const tax');
    expect(await desk.hub.requests()).toEqual([]);
  },
  PATIENT,
);

it(
  'where the account may not push, the branch goes to a fork and the pull request to the repository',
  async () => {
    desk = await openHealDesk({ settings: { fork: true }, agent: { mutants: 0 } });
    await desk.hub.control({
      order: 'setRepository',
      owner: 'acme',
      name: 'shop',
      isOpenToPush: false,
      mayLabel: false,
    });
    const { tried } = await desk.propose(ONE);
    const [{ branch = '', proposal } = {}] = tried;
    expect(proposal).toMatch(/\/acme\/shop\/pull\/1$/);
    expect(await desk.pulls()).toMatchObject([{ draft: true, head: { label: `${desk.hub.login}:${branch}` } }]);
    expect(desk.remoteGit('branch', '--format=%(refname:short)')).toBe('main');
    const fork = join(desk.hub.root, desk.hub.login, 'shop.git');
    const text = execFileSync('git', ['--git-dir', fork, 'show', `${branch}:src/price.js`], { encoding: 'utf8' });
    expect(text).toContain('const tax = net * rate;');
  },
  PATIENT,
);
