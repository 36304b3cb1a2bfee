import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { discover, fileAt, onlyProject, typedPaths, workspace } from './workspace-fixture.ts';

describe('the files of a workspace', () => {
  test('are all TypeScript and JavaScript, by path, with hash, size and lines', async () => {
    const root = workspace({
      'src/b.ts': 'export const b = 1;\n',
      'src/a.tsx': 'a\nb',
      'm.mts': '',
      'c.cts': '',
      'd.mjs': '',
      'e.cjs': '',
      'f.jsx': '',
      'types.d.ts': 'declare const x: 1;',
      'readme.md': '',
      'data.json': '{}',
    });
    const model = await discover(root);
    expect(model.root).toBe(root);
    expect(typedPaths(model)).toEqual([
      'c.cts',
      'd.mjs',
      'e.cjs',
      'f.jsx',
      'm.mts',
      'src/a.tsx',
      'src/b.ts',
      'types.d.ts',
    ]);
    const { modifiedMs, ...file } = fileAt(model, 'src/b.ts');
    expect(Math.abs(Date.now() - modifiedMs)).toBeLessThan(60_000);
    const hash = createHash('sha256').update('export const b = 1;\n').digest('hex');
    expect(file).toEqual({ path: 'src/b.ts', hash, bytes: 20, lines: 1, state: 'typed', note: '', unresolved: 0 });
    expect(fileAt(model, 'src/a.tsx').lines).toBe(2);
    expect(model.warnings).toEqual([]);
  });

  test('leave out packages, dot folders and, where nothing says otherwise, build folders', async () => {
    const outside = ['node_modules/p/i.js', 'a/node_modules/p/i.js', '.next/x.js', 'dist/x.js', 'a/coverage/x.js'];
    const root = workspace(Object.fromEntries(['src/in.ts', '.eslintrc.js', ...outside].map((path) => [path, 'x'])));
    expect(typedPaths(await discover(root))).toEqual(['.eslintrc.js', 'src/in.ts']);
  });

  test('follow the ignore files, which alone decide about build folders', async () => {
    const root = workspace({
      '.gitignore': '/out\n*.gen.ts\n!keep.gen.ts\n',
      'pkg/.gitignore': 'local/\n',
      'out/x.js': '',
      'pkg/out/x.js': '',
      'dist/kept.js': '',
      'a.gen.ts': '',
      'pkg/keep.gen.ts': '',
      'pkg/local/x.ts': '',
      'local/x.ts': '',
    });
    expect(typedPaths(await discover(root))).toEqual(['dist/kept.js', 'local/x.ts', 'pkg/keep.gen.ts', 'pkg/out/x.js']);
  });

  test('are those that git would list, also below the top of a work tree', async () => {
    const root = workspace({
      '.gitignore':
        'build\n# note\n\\#odd.ts\nsub/**/deep.ts\ntrailing.ts   \n*.[ab].ts\n/sub/logs/**\n!/sub/logs/keep.ts\n',
      'sub/.gitignore': '!build\nfoo*bar.ts\n',
      'build/x.ts': '',
      'sub/build/x.ts': '',
      '#odd.ts': '',
      'sub/deep.ts': '',
      'sub/q/r/deep.ts': '',
      'trailing.ts': '',
      'x.a.ts': '',
      'x.c.ts': '',
      'sub/logs/keep.ts': '',
      'sub/logs/drop.ts': '',
      'sub/foo-1-bar.ts': '',
      'sub/foo/bar.ts': '',
    });
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
    git('init', '--quiet');
    const listed = git('ls-files', '-co', '--exclude-standard', '*.ts').trim().split('\n').toSorted();
    expect(typedPaths(await discover(root))).toEqual(listed);
    const below = listed.filter((path) => path.startsWith('sub/')).map((path) => path.slice(4));
    expect(typedPaths(await discover(join(root, 'sub')))).toEqual(below);
  });

  test('are found in a folder that the work tree around it ignores', async () => {
    const root = workspace({ '.gitignore': '*\n', '.git/HEAD': '', 'app/src/a.ts': '', 'app/dist/a.js': '' });
    expect(typedPaths(await discover(join(root, 'app')))).toEqual(['src/a.ts']);
  });

  test('leave out what a tsconfig names as its output, unless that holds sources', async () => {
    const root = workspace({
      '.gitignore': '',
      'tsconfig.json': { compilerOptions: { outDir: 'made', declarationDir: 'api' }, include: ['src'] },
      'src/a.ts': '',
      'made/a.js': '',
      'api/a.d.ts': '',
      'in-place/tsconfig.json': { compilerOptions: { outDir: '.' } },
      'in-place/a.ts': '',
      'mixed/tsconfig.json': { compilerOptions: { outDir: 'src', allowJs: true } },
      'mixed/src/b.ts': '',
    });
    expect(typedPaths(await discover(root))).toEqual(['in-place/a.ts', 'mixed/src/b.ts', 'src/a.ts']);
  });
});

describe('a file that can not be used', () => {
  test('is listed with the reason, and the rest is typed', async () => {
    const root = workspace({
      'good.ts': 'export {};',
      'binary.ts': Buffer.from([0x47, 0x40, 0x00, 0x10]),
      'wide.ts': Buffer.from('\uFEFFexport {};', 'utf16le'),
      'big.ts': 'x'.repeat(2_000),
      'bundle.js': `${'x'.repeat(60_000)}\n`,
      'latin.js': Buffer.from('// caf\xe9\nexport {};', 'latin1'),
    });
    execFileSync('mkfifo', [join(root, 'pipe.ts')]);
    const model = await discover(root, { maxFileBytes: 100_000 });
    const small = await discover(root, { maxFileBytes: 1_500 });
    const notes = Object.fromEntries(model.files.map(({ path, state, note }) => [path, `${state} ${note}`.trim()]));
    expect(notes).toEqual({
      'good.ts': 'typed',
      'big.ts': 'typed',
      'binary.ts': 'skipped binary content',
      'wide.ts': 'skipped encoded as UTF-16, not UTF-8',
      'bundle.js': 'skipped generated or minified: 60001 bytes a line on average',
      'latin.js': 'typed not valid UTF-8: some characters are replaced',
      'pipe.ts': 'skipped not a regular file',
    });
    expect(fileAt(small, 'big.ts')).toMatchObject({
      state: 'skipped',
      note: '2000 bytes, more than the limit of 1500',
    });
    expect(onlyProject(model).files.map((file) => file.slice(root.length + 1))).toEqual([
      'big.ts',
      'good.ts',
      'latin.js',
    ]);
  });

  test('is a symbolic link that leads out, to nothing, in a circle or to a listed file', async () => {
    const outside = workspace({ 'secret.ts': 'export const secret = 1;', 'folder/x.ts': '' });
    const root = workspace({ 'src/a.ts': '', 'src/text.txt': 'export {};' });
    symlinkSync(join(outside, 'secret.ts'), join(root, 'src/out.ts'));
    symlinkSync(join(root, 'nothing.ts'), join(root, 'src/dangling.ts'));
    symlinkSync('self.ts', join(root, 'src/self.ts'));
    symlinkSync('a.ts', join(root, 'src/alias.ts'));
    symlinkSync('text.txt', join(root, 'src/text.ts'));
    symlinkSync(join(outside, 'folder'), join(root, 'src/folder'));
    symlinkSync('..', join(root, 'src/loop'));
    symlinkSync('..', join(root, 'src/loop.ts'));
    const model = await discover(root);
    const notes = Object.fromEntries(model.files.map(({ path, state, note }) => [path, `${state} ${note}`.trim()]));
    expect(notes).toEqual({
      'src/a.ts': 'typed',
      'src/alias.ts': 'skipped symbolic link to src/a.ts',
      'src/dangling.ts': "skipped can't be read: it no longer exists or is a dangling link (ENOENT)",
      'src/out.ts': 'skipped symbolic link to a place outside the workspace',
      'src/self.ts': "skipped can't be read: its symbolic links form a circle (ELOOP)",
      'src/text.ts': 'typed',
    });
  });
});

describe('a root', () => {
  test('without source files gives no files and says what was looked for', async () => {
    const root = workspace({ 'readme.md': '' });
    const model = await discover(root);
    expect(model).toMatchObject({ files: [], projects: [] });
    expect(model.warnings).toEqual([
      `No source files under ${root}: looked for .ts, .tsx, .mts, .cts, .js, .jsx, .mjs, .cjs outside node_modules, dot folders, ignored folders and build output.`,
    ]);
  });

  test('that is missing or no folder is refused', async () => {
    const root = workspace({ 'a.ts': '' });
    await expect(discover(join(root, 'b'))).rejects.toMatchObject({
      code: 'not_found',
      message: `The workspace ${root}/b does not exist.`,
    });
    await expect(discover(join(root, 'a.ts'))).rejects.toMatchObject({
      code: 'invalid_input',
      message: `The workspace ${root}/a.ts is not a folder.`,
    });
  });

  test('that is a link is replaced by what it leads to', async () => {
    const root = workspace({ 'real/a.ts': '' });
    symlinkSync('real', join(root, 'link'));
    expect((await discover(join(root, 'link'))).root).toBe(join(root, 'real'));
  });

  test('with more files than the limit gives the first ones and a warning', async () => {
    const root = workspace({ 'a.ts': '', 'b.ts': '', 'c.ts': '' });
    const model = await discover(root, { maxFiles: 2 });
    expect(model.files).toHaveLength(2);
    expect(model.warnings).toEqual(['Only the first 2 source files are listed; the workspace has more.']);
  });
});

describe('cancelling', () => {
  test('ends discovery with the reason given', async () => {
    const root = workspace({ 'a.ts': '' });
    const reason = new AppError('timed_out', 'Too slow.');
    await expect(discover(root, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(discover(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('takes effect in the middle', async () => {
    const root = workspace({});
    for (let index = 0; index < 500; index += 1) mkdirSync(join(root, `d${index}`));
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(discover(root, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
