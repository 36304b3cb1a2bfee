import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeLocalPullRequest } from '../../src/github/github-runtime.ts';
import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';
import { failureOf } from '../support/failure-of.ts';

const FILES = { 'a.ts': 'export const a = 1;\n', 'crlf.txt': 'one\r\ntwo\r\n', 'ä ö.txt': 'here\n' };
let work: GitRepository;
let other: GitRepository;
let folder: string;

beforeEach(() => {
  work = createRepository(FILES);
  other = createRepository(FILES);
  folder = join(mkdtempSync(join(tmpdir(), 'ld-local-')), 'pull-requests');
});
afterEach(() => {
  work.remove();
  other.remove();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const request = { branch: 'agent/fix-1', title: '[agent] Fix ä', body: 'Before: 1.\n\n---\ndiff --git a/x b/x' };

describe('a pull request in a folder', () => {
  test('of a plain diff applies with what it says, and makes one commit of its title', async () => {
    work.write({
      'a.ts': 'export const a = 2;\n',
      'crlf.txt': 'one\r\n2\r\n',
      'ä ö.txt': undefined,
      'new/b.ts': '---\n',
    });
    writeFileSync(join(work.root, 'picture.bin'), Buffer.from([0, 1, 2, 255, 0, 13, 10]));
    work.git('add', '--all');
    const patch = work.git('diff', '--cached', '--binary');
    const author = { name: 'Ada <x>', email: 'ada@example.org' };
    const written = await writeLocalPullRequest({ ...request, folder, patch, author });
    expect(written.folder).toBe(join(folder, 'agent~fix-1'));
    expect(written.howToApply).toMatch(/^git switch -c agent\/fix-1 && git am --3way --keep-cr --keep-non-patch /);
    other.git('switch', '--quiet', '-c', request.branch);
    other.git('am', '--quiet', '--3way', '--keep-cr', '--keep-non-patch', written.patchFile);
    expect(other.git('log', '-1', '--format=%B%an|%ae')).toBe('[agent] Fix ä\nAda x|ada@example.org\n');
    work.commit('the same');
    expect(other.git('rev-parse', 'HEAD^{tree}')).toBe(work.git('rev-parse', 'HEAD^{tree}'));
    expect(other.git('rev-list', '--count', 'main..HEAD').trim()).toBe('1');
  });

  test('of a series of mails keeps its commits, and its bundle brings the very same', async () => {
    const base = work.git('rev-parse', 'HEAD').trim();
    work.git('switch', '--quiet', '-c', request.branch);
    work.write({ 'a.ts': 'export const a = 2;\n' });
    work.commit('first step');
    work.write({ 'a.ts': 'export const a = 3;\n' });
    const head = work.commit('second step');
    const patch = work.git('format-patch', '--stdout', base);
    const bundleFile = join(work.root, '..', `bundle-of-${head}`);
    work.git('bundle', 'create', '--quiet', bundleFile, `${base}..${request.branch}`);
    const written = await writeLocalPullRequest({ ...request, folder, patch, bundleFile });
    rmSync(bundleFile);
    other.git('am', '--quiet', written.patchFile);
    expect(other.git('log', '-2', '--format=%s')).toBe('second step\nfirst step\n');
    work.git('switch', '--quiet', 'main');
    work.git('branch', '--quiet', '-D', request.branch);
    work.git('fetch', '--quiet', written.bundleFile ?? '', `${request.branch}:${request.branch}`);
    expect(work.git('rev-parse', request.branch).trim()).toBe(head);
  });

  test('has a page with title, branch, body and how to apply it, readable by its owner alone', async () => {
    const written = await writeLocalPullRequest({ ...request, folder, patch: someDiff() });
    const page = readFileSync(written.pullRequestFile, 'utf8');
    expect(page).toMatch(/^# \[agent\] Fix ä\n\nBranch `agent\/fix-1`\./);
    expect(page).toContain(`\`\`\`sh\n${written.howToApply}\n\`\`\`\n\nBefore: 1.`);
    expect(statSync(written.pullRequestFile).mode & 0o077).toBe(0);
    expect(statSync(written.folder).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(['agent~fix-1']);
  });

  test('replaces the one of the same branch as a whole', async () => {
    const bundleFile = join(work.root, 'some.bundle');
    writeFileSync(bundleFile, 'x');
    const first = await writeLocalPullRequest({ ...request, folder, patch: someDiff(), bundleFile });
    expect(readdirSync(first.folder).toSorted()).toEqual(['PULL_REQUEST.md', 'change.bundle', 'change.patch']);
    const second = await writeLocalPullRequest({ ...request, folder, patch: someDiff(), title: 'Second' });
    expect(second.folder).toBe(first.folder);
    expect(readdirSync(second.folder).toSorted()).toEqual(['PULL_REQUEST.md', 'change.patch']);
    expect(readFileSync(second.pullRequestFile, 'utf8')).toMatch(/^# Second\n/);
    await writeLocalPullRequest({ ...request, folder, patch: someDiff(), branch: 'agent/fix-1/more' });
    expect(readdirSync(folder).toSorted()).toEqual(['agent~fix-1', 'agent~fix-1~more']);
  });

  test.each(['../evil', 'agent/../../evil', '/etc', 'agent~x', 'a b'])(
    'is not written for the branch %s',
    async (branch) => {
      const failure = await failureOf(writeLocalPullRequest({ ...request, folder, branch, patch: someDiff() }));
      expect(failure).toMatchObject({ code: 'invalid_input' });
      expect(readdirSync(join(folder, '..'))).toEqual([]);
    },
  );

  test('is not written for what changes nothing, and leaves nothing behind when it fails', async () => {
    const failure = await failureOf(writeLocalPullRequest({ ...request, folder, patch: 'nothing' }));
    expect(failure).toMatchObject({
      code: 'invalid_input',
      message: 'The patch holds no change that git could apply.',
    });
    const absent = { ...request, folder, patch: someDiff(), bundleFile: join(folder, 'absent') };
    expect(await failureOf(writeLocalPullRequest(absent))).toMatchObject({ code: 'permission_denied' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

function someDiff(): string {
  work.write({ 'a.ts': `export const a = 7;\n` });
  return work.git('diff');
}
