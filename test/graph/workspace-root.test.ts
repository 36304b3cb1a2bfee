import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveWorkspace } from '../../src/graph/workspace-root.ts';

let base = '';
let bounds = { allowedRoots: [''], defaultRoot: '' };

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-root-')));
  await mkdir(join(base, 'allowed/inner'), { recursive: true });
  await mkdir(join(base, 'allowed-not/inner'), { recursive: true });
  await writeFile(join(base, 'allowed/file.txt'), '');
  await symlink(join(base, 'allowed-not'), join(base, 'allowed/out'));
  await symlink(join(base, 'allowed/inner'), join(base, 'shortcut'));
  bounds = { allowedRoots: [join(base, 'allowed')], defaultRoot: join(base, 'allowed') };
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('the folder of a workspace', () => {
  test.each([
    [undefined, 'allowed'],
    ['inner', 'allowed/inner'],
    ['inner/..', 'allowed'],
    ['../shortcut', 'allowed/inner'],
  ])('%s is %s', async (workspace, expected) => {
    expect(await resolveWorkspace(workspace, bounds)).toBe(join(base, expected));
  });

  test.each([
    ['..', 'permission_denied'],
    ['../allowed-not', 'permission_denied'],
    ['../allowed-not/inner', 'permission_denied'],
    ['../nowhere', 'permission_denied'],
    ['out', 'permission_denied'],
    ['out/inner', 'permission_denied'],
    ['nowhere', 'not_found'],
    ['file.txt', 'invalid_input'],
    ['file.txt/deeper', 'not_found'],
  ])('%s fails with %s', async (workspace, code) => {
    await expect(resolveWorkspace(workspace, bounds)).rejects.toMatchObject({ code });
  });

  test('a refusal names the allowed folders', async () => {
    await expect(resolveWorkspace('..', bounds)).rejects.toThrow(join(base, 'allowed'));
  });
});
