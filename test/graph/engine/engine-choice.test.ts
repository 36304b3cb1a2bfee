import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import { openEngine } from '../../../src/graph/engine/engine-choice.ts';
import type { WorkspaceModel } from '../../../src/graph/type-source.ts';
import { failureOf } from '../../support/failure-of.ts';
import { COMPILER_MB } from './extract-folder.ts';

const SHOP = fileURLToPath(new URL('../../fixtures/shop', import.meta.url));
const INSTALLED = { memoryMb: COMPILER_MB };

let workspace: WorkspaceModel;

beforeAll(async () => {
  workspace = await discoverWorkspace({ root: SHOP, maxFileBytes: 1e6, signal: new AbortController().signal });
});

test('auto is the native compiler where it runs', async () => {
  const { source, warning } = await openEngine('auto', workspace, INSTALLED);
  await source.close();
  expect(source.engine).toBe('ts7');
  expect(warning).toBeUndefined();
});

test.each([
  ['is missing', '/nowhere/tsc'],
  ['is another program', '/bin/true'],
])('auto falls back to ts-morph, and says so, when the compiler %s', async (_case, program) => {
  const { source, warning } = await openEngine('auto', workspace, { ...INSTALLED, program });
  await source.close();
  expect(source.engine).toBe('ts-morph');
  expect(warning).toMatch(/^the native TypeScript compiler can't be used, so types are resolved more slowly: /);
});

test('an engine that was asked for by name is not replaced', async () => {
  const opened = openEngine('ts7', workspace, { ...INSTALLED, program: '/nowhere/tsc' });
  expect(await failureOf(opened)).toMatchObject({
    code: 'unsupported',
    hint: 'Index with the engine ts-morph, or with auto, which falls back to it.',
  });
});
