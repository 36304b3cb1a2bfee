import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PrivateRepository } from '../../../src/git/index.ts';
import type { OwnWorktree } from '../../../src/git/index.ts';
import { stateOf } from '../../checkouts/folder-state.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createRepository } from '../git-repository.ts';
import type { GitRepository } from '../git-repository.ts';

const AUTHOR = { name: 'Agent', email: 'agent@example.org' };

function folderOf(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-private-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function sourceOf(files: Readonly<Record<string, string>>): GitRepository {
  const source = createRepository(files);
  onTestFinished(() => source.remove());
  return source;
}

interface Place {
  readonly source: GitRepository;
  readonly own: PrivateRepository;
  readonly base: string;
  /** A working tree with a branch on the first commit. */
  readonly attempt: (branch: string) => Promise<OwnWorktree>;
  readonly commitOn: (branch: string, files: Readonly<Record<string, string>>) => Promise<string>;
}

async function placeOf(files: Readonly<Record<string, string>> = { 'a.txt': 'one\ntwo\nthree\n' }): Promise<Place> {
  const source = sourceOf(files);
  const parent = folderOf();
  const own = await PrivateRepository.open(join(parent, 'repositories'), source.root);
  const base = await own.resolve('HEAD');
  let count = 0;
  const attempt = (branch: string): Promise<OwnWorktree> =>
    own.addWorktree({ path: join(parent, `tree-${(count += 1)}`), branch, commit: base });
  const commitOn: Place['commitOn'] = async (branch, changes) => {
    const worktree = await attempt(branch);
    for (const [path, text] of Object.entries(changes)) writeFileSync(join(worktree.path, path), text);
    const commit = await own.commitAll({ worktree, message: `Change ${branch}\n\n# kept`, author: AUTHOR });
    await own.removeWorktree(worktree.path);
    return commit;
  };
  return { source, own, base, attempt, commitOn };
}

describe('a private repository', () => {
  test('has working trees, commits and branches of which the source has no trace', async () => {
    const source = sourceOf({ 'a.txt': 'one\n', 'gone.txt': 'gone\n' });
    source.git('tag', 'v1');
    const before = stateOf(source.root);
    const parent = folderOf();
    const own = await PrivateRepository.open(parent, source.root);
    const base = await own.resolve('v1');
    const worktree = await own.addWorktree({ path: join(folderOf(), 'tree'), branch: 'agent/one', commit: base });
    writeFileSync(join(worktree.path, 'a.txt'), 'one\ntwo\n');
    writeFileSync(join(worktree.path, 'ü new.txt'), 'new\n');
    rmSync(join(worktree.path, 'gone.txt'));
    const { files, addedLines, removedLines, patch } = await own.diff(worktree, base);
    expect(files.map(({ path, status }) => [path, status])).toEqual([
      ['a.txt', 'modified'],
      ['gone.txt', 'deleted'],
      ['ü new.txt', 'added'],
    ]);
    expect([addedLines, removedLines]).toEqual([2, 1]);
    expect(patch).toContain('+two');
    expect(await own.listFiles(worktree, worktree.path)).toEqual(['a.txt', 'ü new.txt']);
    const commit = await own.commitAll({ worktree, message: 'Subject\n\n#7 is fixed', author: AUTHOR });
    expect(await failureOf(own.commitAll({ worktree, message: 'again', author: AUTHOR }))).toMatchObject({
      code: 'invalid_input',
    });
    const mail = await own.formatPatch({ base, head: 'agent/one' });
    expect(mail).toContain(commit);
    expect(mail).toContain('From: Agent <agent@example.org>');
    expect(mail).toContain('#7 is fixed');
    await own.removeWorktree(worktree.path);
    await own.removeWorktree(worktree.path);
    expect(await own.listWorktrees()).toEqual([]);
    expect(stateOf(source.root)).toEqual(before);
  });

  test('is shared by all working trees of a repository, and each names its own HEAD', async () => {
    const { source, own, base } = await placeOf();
    const other = join(folderOf(), 'linked');
    source.git('worktree', 'add', '--quiet', '-b', 'topic', other);
    writeFileSync(join(other, 'b.txt'), 'b\n');
    execFileSync('git', ['add', '.'], { cwd: other });
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@e.org', 'commit', '-qm', 'b'], { cwd: other });
    const linked = await PrivateRepository.open(join(own.folder, '..'), other);
    expect(linked.folder).toBe(own.folder);
    expect(await linked.resolve('HEAD')).toBe(source.git('rev-parse', 'topic').trim());
    expect(await own.resolve('HEAD')).toBe(base);
  });

  test('knows the end of a shallow clone', async () => {
    const origin = sourceOf({ 'a.txt': 'one\n' });
    origin.write({ 'a.txt': 'two\n' });
    origin.commit('second');
    const clone = join(folderOf(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${origin.root}`, clone]);
    const before = stateOf(clone);
    const own = await PrivateRepository.open(folderOf(), clone);
    const base = await own.resolve('HEAD');
    const worktree = await own.addWorktree({ path: join(folderOf(), 'tree'), branch: 'agent/s', commit: base });
    writeFileSync(join(worktree.path, 'a.txt'), 'three\n');
    const commit = await own.commitAll({ worktree, message: 'three', author: AUTHOR });
    expect(await own.standing({ base, head: commit })).toEqual({ kind: 'merges', conflicts: [] });
    expect(stateOf(clone)).toEqual(before);
    await own.deliverBranch({ branch: 'agent/s', commit });
    const log = execFileSync('git', ['log', '--format=%s', 'agent/s'], { cwd: clone, encoding: 'utf8' });
    expect(log).toBe('three\nsecond\n');
  });

  test('runs no hook and no filter of the source, of a working tree or of a person', async () => {
    const source = sourceOf({ 'a.txt': 'one\n', '.gitattributes': '*.txt filter=evil diff=evil merge=evil\n' });
    const ran = join(folderOf(), 'ran');
    const program = `sh -c 'echo ran >>${ran}; cat'`;
    for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'diff.evil.textconv', 'merge.evil.driver']) {
      source.git('config', key, program);
    }
    const hooks = [
      'post-checkout',
      'pre-commit',
      'commit-msg',
      'post-commit',
      'reference-transaction',
      'post-index-change',
      'pre-rebase',
      'post-rewrite',
      'update',
      'pre-receive',
    ];
    mkdirSync(join(source.root, '.husky'));
    for (const folder of ['.git/hooks', '.husky']) {
      for (const hook of hooks) {
        writeFileSync(join(source.root, folder, hook), `#!/bin/sh\necho ${hook} >>${ran}\n`);
        chmodSync(join(source.root, folder, hook), 0o755);
      }
    }
    source.git('config', 'core.hooksPath', '.husky');
    source.git('config', 'core.fsmonitor', program);
    rmSync(ran, { force: true });
    const own = await PrivateRepository.open(folderOf(), source.root);
    const base = await own.resolve('HEAD');
    const worktree = await own.addWorktree({ path: join(folderOf(), 'tree'), branch: 'agent/h', commit: base });
    writeFileSync(join(worktree.path, 'a.txt'), 'changed\n');
    // A program of the repository may have made another repository in it.
    mkdirSync(join(worktree.path, 'nested'));
    execFileSync('git', ['init', '--quiet', join(worktree.path, 'nested')]);
    execFileSync('git', ['config', 'core.fsmonitor', program], { cwd: join(worktree.path, 'nested') });
    writeFileSync(join(worktree.path, 'nested/x.txt'), 'x');
    expect((await own.diff(worktree, base)).files.map(({ path }) => path)).toEqual(['a.txt']);
    const commit = await own.commitAll({ worktree, message: 'changed', author: AUTHOR });
    await own.reset(worktree, base);
    expect(existsSync(join(worktree.path, 'nested'))).toBe(false);
    expect(readFileSync(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\n');
    await own.removeWorktree(worktree.path);
    await own.deliverBranch({ branch: 'agent/h', commit });
    expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe('');
  });

  test('a branch is checked out once, and begins anew when it is free', async () => {
    const { own, attempt, commitOn, base } = await placeOf();
    const worktree = await attempt('agent/x');
    expect(await failureOf(attempt('agent/x'))).toMatchObject({ code: 'conflict' });
    await own.removeWorktree(worktree.path);
    await commitOn('agent/x', { 'a.txt': 'x\n' });
    const again = await attempt('agent/x');
    expect((await own.diff(again, base)).files).toEqual([]);
  });

  test.each([
    'main',
    'agent/',
    'agent/../x',
    'agent/a b',
    'agent/x.lock',
    'agent/-x',
    'agent/a..b',
    'refs/heads/agent/x',
  ])('%j is no name of a branch of ours', async (branch) => {
    const { own, base, attempt, source } = await placeOf();
    expect(await failureOf(attempt(branch))).toMatchObject({ code: 'invalid_input' });
    expect(await failureOf(own.deliverBranch({ branch, commit: base }))).toMatchObject({ code: 'invalid_input' });
    expect(source.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\n');
  });

  test.each(['nothing', '-x', '', 'HEAD\n', '--output=stolen'])('%j is no commit', async (ref) => {
    const { own } = await placeOf();
    expect(await failureOf(own.resolve(ref))).toMatchObject({ code: 'invalid_input' });
    expect(await failureOf(own.formatPatch({ base: ref, head: ref }))).toMatchObject({ code: 'invalid_input' });
  });
});

describe('a merge to come', () => {
  test('is clean, or names the files to decide about, or is there already', async () => {
    const { own, commitOn, source } = await placeOf({ 'a.txt': 'one\n', 'b.txt': 'one\n' });
    const ours = await commitOn('agent/ours', { 'a.txt': 'ours\n' });
    const apart = await commitOn('agent/apart', { 'b.txt': 'apart\n' });
    source.write({ 'a.txt': 'theirs\n' });
    source.commit('theirs');
    const theirs = await own.resolve('main');
    expect(await own.standing({ base: theirs, head: apart })).toEqual({ kind: 'merges', conflicts: [] });
    expect(await own.standing({ base: theirs, head: ours })).toEqual({ kind: 'conflicts', conflicts: ['a.txt'] });
    expect(await own.isInHead(theirs)).toBe(true);
    expect(await own.isInHead(apart)).toBe(false);
    source.write({ 'b.txt': 'apart\n' });
    source.commit('the same');
    expect(await own.standing({ base: await own.resolve('main'), head: apart })).toEqual({
      kind: 'contained',
      conflicts: [],
    });
  });

  test('a branch is moved onto another commit, or stays where it was', async () => {
    const { own, commitOn, source } = await placeOf({ 'a.txt': 'one\n', 'b.txt': 'one\n' });
    const ours = await commitOn('agent/ours', { 'a.txt': 'ours\n' });
    await commitOn('agent/apart', { 'b.txt': 'apart\n' });
    source.write({ 'a.txt': 'theirs\n' });
    const onto = source.commit('theirs');
    const before = stateOf(source.root);
    const moved = await own.rebase({ branch: 'agent/apart', onto, committer: AUTHOR });
    expect(moved).toMatchObject({ isClean: true, conflicts: [] });
    const mail = await own.formatPatch({ base: onto, head: 'agent/apart' });
    expect(mail).toContain('+apart');
    expect(mail).not.toContain('theirs');
    const stuck = await own.rebase({ branch: 'agent/ours', onto, committer: AUTHOR });
    expect(stuck).toEqual({ isClean: false, conflicts: ['a.txt'], commit: ours });
    expect(await own.formatPatch({ base: onto, head: 'agent/ours' })).toContain(ours);
    expect(await own.listWorktrees()).toEqual([]);
    expect(stateOf(source.root)).toEqual(before);
  });
});

describe('a branch that is delivered', () => {
  test('is one ref more, and nothing else that a person sees', async () => {
    const { own, commitOn, source } = await placeOf();
    const commit = await commitOn('agent/x', { 'a.txt': 'x\n' });
    source.write({ 'a.txt': 'dirty\n', 'new.txt': 'new\n' });
    source.git('add', 'new.txt');
    const seen = (): string =>
      source.git('status', '--porcelain') + source.git('stash', 'list') + source.git('config', '--list', '--local');
    const [refs, status] = [source.git('show-ref'), seen()];
    const index = stateOf(join(source.root, '.git/index'));
    await own.deliverBranch({ branch: 'agent/x', commit });
    expect(stateOf(join(source.root, '.git/index'))).toEqual(index);
    expect(source.git('show-ref').split('\n').toSorted()).toEqual(
      [...refs.split('\n'), `${commit} refs/heads/agent/x`].toSorted(),
    );
    expect(seen()).toBe(status);
    expect(existsSync(join(source.root, '.git/FETCH_HEAD'))).toBe(false);
    expect(source.git('fsck', '--no-dangling')).toBe('');
    await own.deliverBranch({ branch: 'agent/x', commit });
  });

  test('replaces what was delivered before, and nothing that is of somebody else', async () => {
    const { own, commitOn, source, base } = await placeOf();
    const first = await commitOn('agent/x', { 'a.txt': 'x\n' });
    await own.deliverBranch({ branch: 'agent/x', commit: first });
    const second = await commitOn('agent/x', { 'a.txt': 'y\n' });
    await own.deliverBranch({ branch: 'agent/x', commit: second });
    expect(source.git('rev-parse', 'agent/x').trim()).toBe(second);
    source.git('update-ref', 'refs/heads/agent/x', base);
    const third = await commitOn('agent/x', { 'a.txt': 'z\n' });
    expect(await failureOf(own.deliverBranch({ branch: 'agent/x', commit: third }))).toMatchObject({
      code: 'conflict',
    });
    expect(source.git('rev-parse', 'agent/x').trim()).toBe(base);
    await own.deliverBranch({ branch: 'agent/x', commit: third, lease: base });
    expect(source.git('rev-parse', 'agent/x').trim()).toBe(third);
  });

  test('does not change under whoever has it checked out', async () => {
    const { own, commitOn, source } = await placeOf();
    const first = await commitOn('agent/x', { 'a.txt': 'x\n' });
    await own.deliverBranch({ branch: 'agent/x', commit: first });
    source.git('checkout', '--quiet', 'agent/x');
    const second = await commitOn('agent/x', { 'a.txt': 'y\n' });
    const failure = await failureOf(own.deliverBranch({ branch: 'agent/x', commit: second }));
    expect(failure).toMatchObject({ code: 'conflict' });
    expect(source.git('status', '--porcelain')).toBe('');
  });
});

test('a folder without a repository is told as such', async () => {
  expect(await failureOf(PrivateRepository.open(folderOf(), folderOf()))).toMatchObject({ code: 'unsupported' });
});
