import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileSweep } from '../../src/graph/file-sweep.ts';
import type { GraphFile } from '../../src/graph/graph-schema.ts';
import { readSourceSlice } from '../../src/graph/source-slice.ts';

let root = '';
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-source-')));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function indexed(path: string, content: string): Promise<GraphFile> {
  await writeFile(join(root, path), content);
  const { size, mtimeMs } = await stat(join(root, path));
  const hash = createHash('sha256').update(content).digest('hex');
  return { path, hash, bytes: size, modifiedMs: mtimeMs, lines: 1, state: 'typed', note: '', unresolved: 0 };
}

describe('source of a declaration', () => {
  test('is the text between its offsets, also after a byte order mark and letters beyond ASCII', async () => {
    const text = 'const é = "🙂"; const b = 2;';
    const start = text.indexOf('const b');
    for (const [at, content] of [text, `\uFEFF${text}`].entries()) {
      const file = await indexed(`plain${at}.ts`, content);
      expect(await readSourceSlice(root, { file, start, end: text.length })).toEqual({ source: 'const b = 2;' });
    }
  });

  test('is refused once the file has changed, is gone, or leads out of the workspace', async () => {
    const changed = { sourceNote: 'changed since the index; call graph_index' };
    const file = await indexed('edit.ts', 'const a = 1;');
    await writeFile(join(root, 'edit.ts'), 'const a = 2;');
    expect(await readSourceSlice(root, { file, start: 0, end: 5 })).toEqual(changed);
    await rm(join(root, 'edit.ts'));
    expect(await readSourceSlice(root, { file, start: 0, end: 5 })).toEqual(changed);
    const outside = await mkdtemp(join(tmpdir(), 'lightdom-outside-'));
    await writeFile(join(outside, 'edit.ts'), 'const a = 1;');
    await symlink(join(outside, 'edit.ts'), join(root, 'edit.ts'));
    expect(await readSourceSlice(root, { file, start: 0, end: 5 })).toEqual(changed);
    await rm(outside, { recursive: true });
  });

  test('is cut at 400 lines and at 20 KB', async () => {
    const many = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n');
    const byLines = await readSourceSlice(root, { file: await indexed('many.ts', many), start: 0, end: many.length });
    expect(byLines.source?.split('\n')).toHaveLength(400);
    expect(byLines.sourceNote).toBe('the first 400 of 500 lines');
    const wide = Array.from({ length: 50 }, () => 'x'.repeat(1000)).join('\n');
    const byBytes = await readSourceSlice(root, { file: await indexed('wide.ts', wide), start: 0, end: wide.length });
    expect(byBytes.sourceNote).toBe('the first 20 of 50 lines');
    const long = 'x'.repeat(50_000);
    const inLine = await readSourceSlice(root, { file: await indexed('long.ts', long), start: 0, end: long.length });
    expect(inLine.source?.length).toBeLessThan(20_000);
    expect(inLine.sourceNote).toBe('cut inside its first line');
  });
});

describe('counting changed files', () => {
  test('counts changes of size or time and deletions, not skipped files, at most every five seconds', async () => {
    const files = [await indexed('one.ts', '1'), await indexed('two.ts', '2'), await indexed('three.ts', '3')];
    const skipped: GraphFile = { ...(await indexed('four.ts', '4')), state: 'skipped' };
    const clock = { ms: 0 };
    const sweep = new FileSweep(root, [...files, skipped], () => clock.ms);
    expect(await sweep.countChanged()).toBe(0);
    await writeFile(join(root, 'one.ts'), 'longer');
    await rm(join(root, 'two.ts'));
    await rm(join(root, 'four.ts'));
    await utimes(join(root, 'three.ts'), 1, 1);
    clock.ms = 4_999;
    expect(await sweep.countChanged()).toBe(0);
    clock.ms = 5_000;
    expect(await sweep.countChanged()).toBe(3);
  });
});
