import { mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signalProcess } from '../../../src/core/process-signal.ts';
import type { LivePool } from '../../../src/graph/engine/live/live-pool.ts';
import { WorkspaceFollower } from '../../../src/graph/follow/workspace-follower.ts';
import type { FollowTiming } from '../../../src/graph/follow/follow-timing.ts';
import type { FollowerDeps } from '../../../src/graph/follow/workspace-follower.ts';
import { WorkspaceFollowers } from '../../../src/graph/follow/workspace-followers.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { compilersOf, createLivePool, FollowedFolder, until } from './followed-folder.ts';
import type { Edit } from './live-folder.ts';

let base = '';
let turn = 0;
let pool: LivePool = createLivePool();
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-follow-')));
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await pool.close();
  pool = createLivePool();
  await until(() => compilersOf(), []);
});
afterAll(() => rm(base, { recursive: true, force: true }));

const SHOP = {
  'tsconfig.json': configWith({ '@/*': ['./src/*'] }),
  'package.json': '{ "name": "shop", "type": "module" }',
  '.gitignore': 'out\n',
  'src/price.ts': 'export function priceOf(name: string): number {\n  return name.length;\n}\n',
  'src/cart.ts':
    "import { priceOf } from '@/price.ts';\nexport function total(names: string[]): number {\n  return names.map((name) => priceOf(name)).length;\n}\n",
  'src/main.ts': "import { total } from './cart.ts';\nexport const sum = total(['a']);\n",
  'src/deep/one.ts': 'export const one = (): number => 1;\n',
  'src/deep/two.ts': "import { one } from './one.ts';\nexport const two = (): number => one() + one();\n",
} as const;

function configWith(paths: Record<string, readonly string[]>): string {
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, paths };
  return JSON.stringify({ compilerOptions, include: ['src'] });
}

const WITH_TAX = 'export function priceOf(name: string, tax = 1): number {\n  return name.length * tax;\n}\n';

async function folder(files: Edit = SHOP): Promise<FollowedFolder> {
  turn += 1;
  return FollowedFolder.open(join(base, `shop-${turn}`), files);
}

function follow(of: FollowedFolder, timing?: Partial<FollowTiming>, deps?: Partial<FollowerDeps>): WorkspaceFollower {
  const follower = new WorkspaceFollower({ ...of.depsWith(pool, timing), ...deps });
  open.push(follower);
  return follower;
}

/** A folder whose follower watches and has nothing to do. */
async function watched(timing?: Partial<FollowTiming>, deps?: Partial<FollowerDeps>) {
  const shop = await folder();
  const follower = follow(shop, timing, deps);
  await until(() => follower.state, 'watching');
  expect(follower.pending).toBe(0);
  return { shop, follower };
}

/** The same when its compiler is there. */
async function following(timing?: Partial<FollowTiming>, deps?: Partial<FollowerDeps>) {
  const { shop, follower } = await watched(timing, deps);
  await shop.write({ 'src/main.ts': `${SHOP['src/main.ts']}export const other = 1;\n` });
  await shop.isLevel(follower);
  expect(follower.state).toBe('following');
  return { shop, follower };
}

function folderAt(folders: readonly FollowedFolder[], root: string): FollowedFolder {
  const found = folders.find((each) => each.root === root);
  if (found === undefined) throw new Error(`There is no folder ${root}.`);
  return found;
}

function killCompilers(): number {
  const pids = compilersOf();
  for (const pid of pids) signalProcess(pid, 'SIGKILL');
  return pids.length;
}

function callersOf(view: GraphView, name: string): string[] {
  const [row = -1] = view.rowsByName.get(name) ?? [];
  const { starts, ends, neighbour } = view.reverse;
  const all = Array.from(neighbour.subarray(starts[row], ends[row]), (from) => view.nameOf(from));
  return [...new Set(all)].toSorted();
}

describe('a follower brings the graph to what the files are', () => {
  test('after edits, new files, files that go, and folders that are renamed', async () => {
    const { shop, follower } = await watched();
    expect(compilersOf()).toEqual([]);
    await shop.write({ 'src/price.ts': WITH_TAX });
    await shop.isLevel(follower);
    await shop.write({ 'src/late.ts': "import { priceOf } from '@/price.ts';\nexport const late = priceOf('b');\n" });
    await shop.isLevel(follower);
    expect(callersOf(shop.view, 'priceOf')).toContain('late');
    await shop.write({ 'src/late.ts': undefined });
    await shop.isLevel(follower);
    await rename(join(shop.root, 'src/deep'), join(shop.root, 'src/deeper'));
    await shop.isLevel(follower);
    await shop.write({ 'src/main.ts': "export { two } from './deeper/two.ts';\n", 'src/deeper/one.ts': undefined });
    await shop.isLevel(follower);
    expect(shop.reindexed).toBe(0);
    expect(compilersOf()).toHaveLength(1);
  });

  test('after a change of the aliases, for which all is read again, and keeps them in later edits', async () => {
    const { shop, follower } = await following();
    await shop.write({
      'tsconfig.json': configWith({ '@/*': ['./src/*'], '~/*': ['./src/deep/*'] }),
      'src/cart.ts': `${SHOP['src/cart.ts']}import { two } from '~/two.ts';\nexport const both = (): number => two();\n`,
    });
    await shop.isLevel(follower);
    expect(callersOf(shop.view, 'two')).toEqual(['both', 'cart.ts', 'two.ts']);
    await shop.write({ 'src/deep/two.ts': 'export const two = (n = 3): number => n;\n' });
    await shop.isLevel(follower);
    expect(callersOf(shop.view, 'two')).toEqual(['both', 'cart.ts', 'two.ts']);
    expect(callersOf(shop.view, 'priceOf')).toContain('total');
  });

  test('when many files change at once, more than are read one by one', async () => {
    const { shop, follower } = await following();
    const many: Record<string, string> = {};
    for (let at = 0; at < 340; at += 1) {
      many[`src/many/m${at}.ts`] = `import { priceOf } from '@/price.ts';\nexport const m${at} = priceOf('${at}');\n`;
    }
    await shop.write(many);
    await shop.isLevel(follower);
    expect(callersOf(shop.view, 'priceOf').length).toBeGreaterThan(340);
    await shop.write({ 'src/many': undefined });
    await shop.isLevel(follower);
  });

  test('that were made before the watch began: edits, and files that are new', async () => {
    const edited = await folder();
    await edited.write({ 'src/price.ts': WITH_TAX });
    await edited.isLevel(follow(edited));
    const created = await folder();
    await created.write({ 'src/new.ts': 'export const fresh = 1;\n' });
    await created.isLevel(follow(created));
  });

  test('that are made while all is read', async () => {
    const { shop, follower } = await watched();
    await shop.write({ 'src/price.ts': WITH_TAX });
    await until(() => follower.state, 'opening');
    await shop.write({ 'src/deep/one.ts': 'export const one = (n = 1): number => n;\n', 'src/new.ts': 'export {};\n' });
    expect(follower.pending).toBeGreaterThan(0);
    await shop.isLevel(follower);
  });

  test('when what git does is done', async () => {
    const { shop, follower } = await following();
    const { patches } = shop;
    await shop.write({ '.git/index.lock': '' });
    await shop.write({ 'src/price.ts': WITH_TAX });
    await until(() => follower.pending, 1);
    await shop.write({ 'src/price.ts': 'export const half = ' });
    await shop.write({ 'src/cart.ts': SHOP['src/cart.ts'].replace('total', 'totalOf') });
    await until(() => follower.pending, 2);
    expect(shop.patches).toBe(patches);
    await shop.write({ 'src/price.ts': WITH_TAX, '.git/index.lock': undefined });
    await shop.isLevel(follower);
  });

  test('but not for files that no index would read', async () => {
    const { shop, follower } = await following();
    const { patches } = shop;
    await shop.write({
      'node_modules/lib/index.ts': 'export const lib = 1;\n',
      'out/made.ts': 'export const made = 1;\n',
      'src/notes.txt': 'nothing\n',
    });
    // Told in their order: when this has come, so have those.
    await shop.write({ 'src/price.ts': WITH_TAX });
    await shop.isLevel(follower);
    expect(shop.patches - patches).toBeLessThanOrEqual(3);
    expect(shop.view.columns.files.map(({ path }) => path).filter((path) => /lib|made|notes/.test(path))).toEqual([]);
  });
});

describe('a follower says how many files the graph is behind with', () => {
  test('from when an edit is seen until the graph shows it', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let isHeld = false;
    const shop = await folder();
    const deps = shop.depsWith(pool);
    const follower = follow(shop, undefined, {
      graph: async () => {
        if (isHeld) await gate;
        return deps.graph();
      },
    });
    await until(() => follower.state, 'watching');
    await shop.write({ 'src/main.ts': 'export const sum = 1;\n' });
    await shop.isLevel(follower);
    isHeld = true;
    await shop.write({ 'src/price.ts': WITH_TAX });
    await until(() => (follower.pending ?? 0) > 0, true);
    const seen = new Set<number | undefined>();
    const callers = callersOf(shop.view, 'priceOf');
    for (let look = 0; look < 40; look += 1) {
      seen.add(follower.pending);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).not.toContain(0);
    expect(callersOf(shop.view, 'priceOf')).toEqual(callers);
    isHeld = false;
    open();
    await shop.isLevel(follower);
  });
});

describe('a compiler that is killed', () => {
  test('between edits and while one is followed costs nothing but time', async () => {
    const { shop, follower } = await following();
    for (const [index, text] of [WITH_TAX, SHOP['src/price.ts']].entries()) {
      expect(killCompilers()).toBe(1);
      await shop.write({ 'src/price.ts': text, [`src/new-${index}.ts`]: 'export const fresh = 1;\n' });
      await shop.isLevel(follower);
      // Nobody is left that was killed.
      await until(() => compilersOf().length, 1);
      // An edit that is followed shows that it was not the edits.
      await shop.write({ 'src/main.ts': `${SHOP['src/main.ts']}export const again = ${index};\n` });
      await shop.isLevel(follower);
    }
    await shop.write({ 'src/price.ts': WITH_TAX });
    await until(() => (follower.pending ?? 0) > 0, true);
    killCompilers();
    await shop.isLevel(follower);
    expect(shop.view.columns.files.every(({ path, state }) => path === '' || state === 'typed')).toBe(true);
    expect(follower.state).toBe('following');
    expect(shop.reindexed).toBe(0);
  });

  test('while all is read, or each time: the graph becomes right all the same', async () => {
    const { shop, follower } = await watched();
    await shop.write({ 'src/price.ts': WITH_TAX });
    const isKilled = async (): Promise<boolean> => {
      await until(() => compilersOf().length > 0 || follower.state === 'failed', true);
      return killCompilers() > 0;
    };
    for (let time = 0; time < 3; time += 1) await isKilled();
    // Three failures in a row end following: then nobody but the files can tell what is pending.
    await shop.isLevel({
      get pending() {
        return follower.state === 'failed' ? 0 : follower.pending;
      },
    });
  });
});

describe('a follower that has nothing to do', () => {
  test('lets go of its compiler, and takes one again for the next edit', async () => {
    const { shop, follower } = await following({ idleMs: 150, verifyAfterMs: 50 });
    await until(() => follower.state, 'watching');
    await until(() => compilersOf(), []);
    expect(follower.pending).toBe(0);
    await shop.write({ 'src/price.ts': WITH_TAX });
    await shop.isLevel(follower);
    expect(callersOf(shop.view, 'priceOf')).toContain('total');
  });

  test('takes one up again also when the edit comes while it lets go', async () => {
    const { shop, follower } = await following({ idleMs: 100, verifyAfterMs: 30 });
    await until(() => follower.state, 'watching');
    await shop.write({ 'src/price.ts': WITH_TAX });
    await shop.isLevel(follower);
  });
});

describe('a generation that was made elsewhere', () => {
  test('is brought to what the files are, whatever it missed', async () => {
    const { shop, follower } = await following();
    const { columns } = shop.view;
    const old = { ...columns, files: [...columns.files], nodes: { ...columns.nodes } };
    await shop.write({ 'src/price.ts': WITH_TAX });
    await shop.isLevel(follower);
    // As an index that had read the file before the edit.
    const late = await folder();
    expect(late.view.columns.files.length).toBe(old.files.length);
    follower.noteGeneration(await shop.publish(late.view.columns));
    await shop.isLevel(follower);
    await shop.write({ 'src/main.ts': 'export const sum = 2;\n' });
    await shop.isLevel(follower);
  });
});

describe('an engine that can not follow edits', () => {
  test('is asked for whole indexes', async () => {
    const shop = await folder();
    const refusing = { ...shop.depsWith(pool).pool, root: undefined };
    const unsupported = { open: () => pool.open(join(base, 'nowhere')), close: () => pool.close() };
    const follower = follow(shop, undefined, {
      pool: {
        ...refusing,
        ...unsupported,
        change: (paths) => pool.change(paths),
        work: (ms) => pool.work(ms),
        verify: () => pool.verify(),
      },
    });
    await until(() => follower.state, 'watching');
    await shop.write({ 'src/price.ts': WITH_TAX });
    await until(() => follower.state, 'failed');
    await shop.isLevel({ pending: 0 });
    expect(shop.reindexed).toBeGreaterThan(0);
    expect(follower.pending).toBeUndefined();
  });
});

describe('several workspaces', () => {
  test('share one compiler, and each becomes right', async () => {
    const folders = [await folder(), await folder(), await folder()];
    const followers = new WorkspaceFollowers({
      startAfterMs: 0,
      depsOf: (root) => folderAt(folders, root).depsWith(pool),
    });
    open.push(followers);
    for (const { root, view } of folders) followers.follow(root, view.generation);
    for (const { root } of folders) await until(() => followers.stateOf(root), 'watching');
    for (const text of [WITH_TAX, SHOP['src/price.ts']]) {
      await Promise.all(folders.map((each) => each.write({ 'src/price.ts': text })));
      for (const each of folders) {
        await each.isLevel({
          get pending() {
            return followers.pendingOf(each.root);
          },
        });
      }
      expect(compilersOf()).toHaveLength(1);
    }
    expect(folders.map(({ reindexed }) => reindexed)).toEqual([0, 0, 0]);
  });

  test('that are asked for least make room', async () => {
    const folders = [await folder(), await folder(), await folder(), await folder(), await folder()];
    const followers = new WorkspaceFollowers({
      startAfterMs: 0,
      depsOf: (root) => folderAt(folders, root).depsWith(pool),
    });
    open.push(followers);
    for (const { root } of folders) {
      followers.follow(root, 1);
      await until(() => followers.stateOf(root), 'watching');
    }
    expect(folders.map(({ root }) => followers.stateOf(root) === undefined)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    await followers.close();
    expect(folders.map(({ root }) => followers.pendingOf(root))).toEqual(folders.map(() => undefined));
  });
});

describe('closing', () => {
  test.each(['starting', 'watching', 'opening', 'following'] as const)(
    'ends all that a follower in the state %s has',
    async (state) => {
      // What a former test has closed may still be going.
      await until(() => handles()['FSEventWrap'], undefined);
      const before = handles();
      const shop = await folder();
      const follower = follow(shop);
      if (state !== 'starting') await until(() => follower.state, 'watching');
      if (state === 'opening' || state === 'following') {
        await shop.write({ 'src/price.ts': WITH_TAX });
        await until(() => follower.state, state);
      }
      expect(follower.state).toBe(state);
      await follower.close();
      await until(() => compilersOf(), []);
      await until(() => handles(), before);
      expect(pool.root).toBeUndefined();
    },
  );
});

/** What keeps a process alive, by kind; without what comes and goes by itself. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (['FSEvent', 'FSEventWrap', 'Worker', 'MessagePort', 'StatWatcher'].includes(kind)) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}
