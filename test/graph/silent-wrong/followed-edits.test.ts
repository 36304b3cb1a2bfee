import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { signalProcess } from '../../../src/core/process-signal.ts';
import type { LivePool } from '../../../src/graph/engine/live/live-pool.ts';
import { WorkspaceFollower } from '../../../src/graph/follow/workspace-follower.ts';
import { compilersOf, createLivePool, FollowedFolder, until } from '../live/followed-folder.ts';
import { questionsOf, writeWorkspace } from './workspace-questions.ts';
import type { Files, Questions } from './workspace-questions.ts';

/** The same while edits are followed: an answer is right, or says how many files it is behind with. */

const ALIASED = {
  'package.json': '{ "name": "app", "main": "src/main.ts" }',
  'tsconfig.json':
    '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] }, "module": "esnext", "moduleResolution": "bundler" } }',
  'src/tool.ts': 'export function tool(): void {}\n',
  'src/main.ts': `import { tool } from '~/tool';\nexport function main(): void { tool(); }\n`,
} satisfies Files;

let shop: FollowedFolder | undefined;
let follower: WorkspaceFollower | undefined;
let pool: LivePool | undefined;

afterEach(async () => {
  await follower?.close();
  await pool?.close();
  if (shop !== undefined) await rm(shop.root, { recursive: true, force: true });
});

async function followed(files: Files): Promise<{ shop: FollowedFolder; follower: WorkspaceFollower }> {
  const opened = await FollowedFolder.open(await writeWorkspace({}), files);
  pool = createLivePool();
  const following = new WorkspaceFollower(opened.depsWith(pool));
  shop = opened;
  follower = following;
  await until(() => following.state, 'watching');
  return { shop: opened, follower: following };
}

function ask({ root, view }: FollowedFolder): Promise<Questions> {
  return questionsOf(root, view);
}

describe('while edits are followed', () => {
  test('an alias survives edits of the importing file, of the imported one, and of both', async () => {
    const { shop, follower } = await followed(ALIASED);
    const importer = (name: string): string => ALIASED['src/main.ts'].replace('main', name);
    await shop.write({ 'src/main.ts': importer('other') });
    await shop.isLevel(follower);
    expect((await ask(shop)).callers('tool')).toEqual(['src/main.ts#other']);
    await shop.write({ 'src/tool.ts': 'export function tool(force = false): void { void force; }\n' });
    await shop.isLevel(follower);
    expect((await ask(shop)).callers('tool')).toEqual(['src/main.ts#other']);
    await shop.write({
      'src/tool.ts': 'export function tool(force: boolean): void { void force; }\nexport const more = tool;\n',
      'src/main.ts': importer('third'),
    });
    await shop.isLevel(follower);
    const { callers, dead } = await ask(shop);
    expect(callers('tool')).toEqual(['src/main.ts#third']);
    expect(dead()).toEqual(['more']);
    expect(shop.reindexed).toBe(0);
  });

  test('a compiler that is killed loses no caller and no edit', async () => {
    const { shop, follower } = await followed(ALIASED);
    await shop.write({ 'src/other.ts': ALIASED['src/main.ts'].replace('main', 'other') });
    await shop.isLevel(follower);
    for (const pid of compilersOf()) signalProcess(pid, 'SIGKILL');
    await shop.write({ 'src/third.ts': ALIASED['src/main.ts'].replace('main', 'third') });
    await shop.isLevel(follower);
    expect((await ask(shop)).callers('tool').toSorted()).toEqual([
      'src/main.ts#main',
      'src/other.ts#other',
      'src/third.ts#third',
    ]);
  });

  test('an answer that an edit is missing in says that it is behind', async () => {
    const { shop, follower } = await followed(ALIASED);
    await shop.write({ 'src/late.ts': ALIASED['src/main.ts'].replace('main', 'late') });
    await until(() => follower.pending !== 0, true);
    // What was not behind when it was asked has the edit.
    while (follower.pending !== 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect((await ask(shop)).callers('tool')).toContain('src/late.ts#late');
  });
});
