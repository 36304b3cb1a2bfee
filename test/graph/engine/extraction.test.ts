import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import { openEngine } from '../../../src/graph/engine/engine-choice.ts';
import { extractGraph } from '../../../src/graph/engine/extraction.ts';
import { TsMorphSource } from '../../../src/graph/engine/ts-morph-source.ts';
import { TYPED_ENGINES } from '../../../src/graph/graph-schema.ts';
import type { FileScan, ResolvedTargets } from '../../../src/graph/type-source.ts';
import { edgeLines, edgesFrom, idOf, nodeLines } from './edge-lines.ts';
import { COMPILER_MB, extractFolder } from './extract-folder.ts';

const TRAPS = fileURLToPath(new URL('../../fixtures/traps', import.meta.url));

let base = '';
let root = '';
let turn = 0;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-extraction-')));
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  turn += 1;
  root = join(base, `workspace-${turn}`);
  await mkdir(root);
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

describe.each(TYPED_ENGINES)('the engine %s', (engine) => {
  describe('ids', () => {
    test('stay when lines are inserted above, and when other declarations come', async () => {
      await cp(TRAPS, root, { recursive: true });
      const { columns: before } = await extractFolder(root, { engine });
      for (const path of ['packages/core/src/shapes.ts', 'packages/app/src/handlers/handler.ts']) {
        const text = await readFile(join(root, path), 'utf8');
        await writeFile(join(root, path), `/** New. */\nexport const added = 1;\n\n\n${text}`);
      }
      const { columns: after } = await extractFolder(root, { engine });
      const kept = new Set(after.nodes.id);
      expect(before.nodes.id.filter((id) => !kept.has(id))).toEqual([]);
      expect(after.nodes.count).toBe(before.nodes.count + 2);
      const area = 'core/shapes.ts#Square.area';
      expect(idOf(after, area)).toBe(idOf(before, area));
      expect(after.nodes.line[after.nodes.id.indexOf(idOf(after, area))]).toBe(37);
    });

    test('are the same wherever the workspace lies', async () => {
      const files = { 'src/a.ts': 'export class A { run() {} }\n', 'b.js': 'exports.b = () => 1;\n' };
      await write(files);
      const { columns: here } = await extractFolder(root, { engine });
      root = join(root, 'inner/copy');
      await write(files);
      const { columns: there } = await extractFolder(root, { engine });
      expect(here.nodes.id).toEqual(there.nodes.id);
    });

    test('differ for what differs in container, name, kind or number', async () => {
      await write({
        'a.tsx': `export function Same() { function inner() {} { function inner() {} } }
        export namespace Same { export function inner() {} }
        export class Other { static same() {} same() {} get value() { return 1; } set value(to) {} }
        { class Twice {} } { function Twice() { return <b/>; } } { const Twice = 1; }`,
      });
      const { columns } = await extractFolder(root, { engine });
      expect(new Set(columns.nodes.id).size).toBe(columns.nodes.count);
      expect(nodeLines(columns)).toEqual([
        'file a.tsx',
        'function a.tsx#Same',
        'function a.tsx#Same.inner',
        'function a.tsx#Same.inner',
        'namespace a.tsx#Same',
        'function a.tsx#Same.inner',
        'class a.tsx#Other',
        'method a.tsx#Other.same',
        'method a.tsx#Other.same',
        'accessor a.tsx#Other.value',
        'class a.tsx#Twice',
        'component a.tsx#Twice',
      ]);
    });
  });

  describe('a file that is hard to read', () => {
    test('with a syntax error is still resolved, and says where the error is', async () => {
      await write({
        'good.ts': 'export function greet(): void {}\n',
        'broken.ts': `import { greet } from './good';\nexport function run() {\n  greet();\n  const = 1;\n}\nrun();\n`,
      });
      const { columns } = await extractFolder(root, { engine });
      const broken = columns.files.find(({ path }) => path === 'broken.ts');
      expect(broken).toMatchObject({ state: 'typed', note: 'syntax error, line 4: Variable declaration expected.' });
      expect(edgesFrom(columns, 'broken.ts#run', 'calls')).toEqual(['calls good.ts#greet']);
    });

    test('keeps what is known about its text', async () => {
      await writeFile(
        join(root, 'broken.ts'),
        Buffer.from([...Buffer.from('const = "'), 0xff, ...Buffer.from('";\n')]),
      );
      const { columns } = await extractFolder(root, { engine });
      expect(columns.files[0]?.note).toBe(
        'not valid UTF-8: some characters are replaced; syntax error, line 1: Variable declaration expected.',
      );
    });

    test('and too big is not parsed, even when others import it', async () => {
      await write({
        'big.ts': `export function huge(): void {}\n// ${'x'.repeat(2000)}\n`,
        'user.ts': `import { huge } from './big';\nexport const use = (): void => huge();\n`,
      });
      const { columns } = await extractFolder(root, { engine, maxFileBytes: 1000 });
      expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual(['big.ts skipped', 'user.ts typed']);
      expect(nodeLines(columns)).toEqual(['file big.ts', 'file user.ts', 'function user.ts#use']);
      expect(columns.files[1]?.unresolved).toBeGreaterThan(0);
    });

    test('that is no module is imported all the same', async () => {
      await write({ 'side-effect.ts': 'console.log(1);\n', 'user.ts': `import './side-effect';\n` });
      const { columns } = await extractFolder(root, { engine });
      expect(edgeLines(columns, 'imports')).toEqual(['imports user.ts -> side-effect.ts']);
      expect(columns.files.map(({ unresolved }) => unresolved)).toEqual([0, 0]);
    });

    test('nests deeper than the stack of this thread would allow the walk to', async () => {
      await write({ 'deep.ts': `export const sum = ${'1+'.repeat(3000)}1;\nexport const next = (): number => sum;\n` });
      const { columns } = await extractFolder(root, { engine });
      expect(edgesFrom(columns, 'deep.ts#next')).toEqual(['references deep.ts#sum']);
    });

    test('nests deeper than a parser on this stack can follow, and is hidden from those that import it', async () => {
      await write({
        'one/tsconfig.json': '{ "compilerOptions": { "strict": false } }',
        'one/abyss.ts': `export const abyss = ${'[\n'.repeat(50_000)}${']\n'.repeat(50_000)};\n`,
        'two/user.ts': `import { abyss } from '../one/abyss';\nexport const use = (): unknown => abyss;\nuse();\n`,
      });
      const { workspace, columns } = await extractFolder(root, { engine });
      expect(workspace.projects).toHaveLength(2);
      expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual([
        // The native parser's stack grows as it needs.
        engine === 'ts7' ? 'one/abyss.ts typed' : 'one/abyss.ts syntax',
        'two/user.ts typed',
      ]);
      expect(edgeLines(columns, 'calls')).toEqual(['calls two/user.ts -> two/user.ts#use']);
    });

    test('and belongs to a library leaves those that need it to syntax, and no others, if it is too deep at all', async () => {
      await write({
        'node_modules/abyss/index.d.ts': `export type Abyss = ${'['.repeat(50_000)}${']'.repeat(50_000)};\n`,
        'one/tsconfig.json': '{ "compilerOptions": { "strict": false } }',
        'one/user.ts': `import type { Abyss } from 'abyss';\nexport const use = (): Abyss => [];\nuse();\n`,
        'two/other.ts': 'export const other = (): void => {};\nother();\n',
      });
      const { columns } = await extractFolder(root, { engine });
      expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual([
        // The native parser's stack grows as it needs.
        engine === 'ts7' ? 'one/user.ts typed' : 'one/user.ts syntax',
        'two/other.ts typed',
      ]);
      expect(columns.files[0]?.note).toBe(
        engine === 'ts7'
          ? ''
          : 'its types could not be resolved: one/tsconfig.json could not be loaded: Maximum call stack size exceeded',
      );
      expect(edgeLines(columns, 'calls')).toContain('calls two/other.ts -> two/other.ts#other');
    });

    test('breaks the engine and leaves the others as they are', async () => {
      await write({
        'a.ts': 'export function a() {}\na();\n',
        'b.ts': 'export function b() {}\nb();\n',
        'c.ts': 'c();\n',
      });
      const { signal } = new AbortController();
      const workspace = await discoverWorkspace({ root, maxFileBytes: 1e6, signal });
      const source = new FaultySource({ scan: 'c.ts', resolve: 'b.ts' });
      source.open(workspace);
      const columns = extractGraph(source, workspace, { signal, onProgress: () => undefined });
      expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual([
        'a.ts typed',
        'b.ts syntax',
        'c.ts syntax',
      ]);
      expect(columns.warnings).toEqual([
        'b.ts (syntax): its types could not be resolved: the fault of b.ts',
        'c.ts (syntax): its types could not be resolved: the fault of c.ts',
      ]);
      expect(edgeLines(columns, 'calls', 'contains')).toEqual([
        'calls a.ts -> a.ts#a',
        'contains a.ts -> a.ts#a',
        'contains b.ts -> b.ts#b',
      ]);
    });
  });

  test('an index ends when it is cancelled', async () => {
    await write({ 'a.ts': 'export {};\n', 'b.ts': 'export {};\n' });
    const stop = new AbortController();
    const workspace = await discoverWorkspace({ root, maxFileBytes: 1e6, signal: stop.signal });
    const { source } = await openEngine(engine, workspace, { memoryMb: COMPILER_MB });
    const onProgress = ({ file }: { readonly file?: string }): void => {
      if (file === 'a.ts') stop.abort(new Error('enough'));
    };
    expect(() => extractGraph(source, workspace, { signal: stop.signal, onProgress })).toThrow('enough');
    await source.close();
  });

  test('projects with options of their own are resolved one after the other, across their borders', async () => {
    await write({
      'one/tsconfig.json': '{ "compilerOptions": { "strict": true }, "include": ["*.ts"] }',
      'two/tsconfig.json': '{ "compilerOptions": { "strict": false }, "include": ["*.ts"] }',
      'one/left.ts': `import { right } from '../two/right';\nexport const left = (): void => right(left);\n`,
      'two/right.ts': `import { left } from '../one/left';\nexport const right = (to: unknown): void => left();\n`,
    });
    const { workspace, columns } = await extractFolder(root, { engine });
    expect(workspace.projects).toHaveLength(2);
    expect(edgeLines(columns, 'calls')).toEqual([
      'calls one/left.ts#left -> two/right.ts#right',
      'calls two/right.ts#right -> one/left.ts#left',
    ]);
  });

  test('signatures and docs are those of the declaration', async () => {
    await write({
      'a.ts': `/**
 * First
 * paragraph.
 *
 * Second.
 */
export async function run<T>(
  // Not part of it.
  items: readonly T[], /* nor this */
): Promise<void> { await items; }
export abstract class Base<T> extends Map<string, T> implements Iterable<[string, T]> { abstract x: number }
`,
    });
    const { nodes } = (await extractFolder(root, { engine })).columns;
    expect([...nodes.signature]).toEqual([
      '',
      'export async function run<T>( items: readonly T[], ): Promise<void>',
      'export abstract class Base<T> extends Map<string, T> implements Iterable<[string, T]>',
      'abstract x: number',
    ]);
    expect(nodes.doc[1]).toBe('First paragraph.');
  });
});

/** The engine, with files that it fails on. */
class FaultySource extends TsMorphSource {
  readonly #faults: { readonly scan: string; readonly resolve: string };

  constructor(faults: { readonly scan: string; readonly resolve: string }) {
    super();
    this.#faults = faults;
  }

  override scan(path: string): FileScan {
    if (path === this.#faults.scan) throw new Error(`the fault of ${path}`);
    return super.scan(path);
  }

  override resolve(path: string, positions: Int32Array): ResolvedTargets {
    if (path === this.#faults.resolve) throw new Error(`the fault of ${path}`);
    return super.resolve(path, positions);
  }
}
