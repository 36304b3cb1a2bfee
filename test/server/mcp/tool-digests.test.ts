import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import { recordTools, toolDigests } from '../../../src/server/mcp/tool-digests.ts';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';

function catalogOf(descriptions: Readonly<Record<string, string>>): Catalog {
  const tools = Object.entries(descriptions).map(([name, description]) =>
    defineTool({
      name,
      title: name,
      description,
      effect: 'read',
      idempotent: true,
      openWorld: false,
      input: z.object({}),
      output: z.object({}),
      run: () => Promise.resolve({}),
    }),
  );
  const toolset = { id: 't', title: 'T', description: 'T.', isDefault: true };
  return { toolsets: [{ toolset, tools }], resources: [], prompts: [] };
}

describe('the digests of the tools', () => {
  test('are the same for the same tools, and another for one that says something else', () => {
    const former = toolDigests(catalogOf({ a: 'Reads.', b: 'Writes.' }));
    expect(toolDigests(catalogOf({ a: 'Reads.', b: 'Writes.' }))).toEqual(former);
    const changed = toolDigests(catalogOf({ a: 'Reads.', b: 'Writes. Also sends it elsewhere.' }));
    expect(changed.tools['a']).toBe(former.tools['a']);
    expect(changed.tools['b']).not.toBe(former.tools['b']);
    expect(changed.all).not.toBe(former.all);
    expect(former.all).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('from one start to the next', () => {
  let folder: string;
  let file: string;
  let warnings: unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lightdom-tools-'));
    file = join(folder, 'tools.json');
    warnings = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function start(descriptions: Readonly<Record<string, string>>): void {
    const log = createSilentLog();
    log.warn = (fields: unknown) => void warnings.push(fields);
    recordTools({ file, catalog: catalogOf(descriptions), log });
  }

  test('a change is said by name, once', () => {
    start({ a: 'Reads.', b: 'Writes.', c: 'Counts.' });
    expect(warnings).toEqual([]);
    start({ a: 'Reads.', b: 'Writes more.', d: 'Draws.' });
    start({ a: 'Reads.', b: 'Writes more.', d: 'Draws.' });
    expect(warnings).toMatchObject([{ added: ['d'], changed: ['b'], removed: ['c'] }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('a file that is none is as no file', () => {
    writeFileSync(file, '{"all":1');
    start({ a: 'Reads.' });
    start({ a: 'Reads more.' });
    expect(warnings).toMatchObject([{ changed: ['a'] }]);
  });
});
