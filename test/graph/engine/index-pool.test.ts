import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { signalProcess } from '../../../src/core/process-signal.ts';
import { IndexPool } from '../../../src/graph/engine/index-pool.ts';
import { TYPED_ENGINES } from '../../../src/graph/graph-schema.ts';
import { failureOf } from '../../support/failure-of.ts';
import { edgeLines } from './edge-lines.ts';
import { COMPILER_MB, extractFolder } from './extract-folder.ts';

const TRAPS = fileURLToPath(new URL('../../fixtures/traps', import.meta.url));
const REQUEST = { root: TRAPS, maxFileBytes: 1_000_000, engine: 'ts-morph' } as const;
const ENOUGH_MB = 1024;

const pools: IndexPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function createPool(memoryMb: number, fileTimeoutMs?: number, shares = 1): IndexPool {
  const pool = new IndexPool({
    shares,
    memoryMb,
    compilerMemoryMb: COMPILER_MB,
    log: createSilentLog(),
    ...(fileTimeoutMs === undefined ? {} : { fileTimeoutMs }),
  });
  pools.push(pool);
  return pool;
}

const UNOBSERVED = { signal: new AbortController().signal, onProgress: () => undefined };

describe('the pool', () => {
  test('gives the same graph as the engine in this thread, and tells how far it is', async () => {
    const seen: string[] = [];
    const onProgress = (done: number, total: number, message: string): void => {
      seen.push(`${done}/${total} ${message}`);
    };
    const columns = await createPool(ENOUGH_MB).index(REQUEST, { signal: UNOBSERVED.signal, onProgress });
    const { columns: expected } = await extractFolder(TRAPS);
    expect(columns.nodes.id).toEqual(expected.nodes.id);
    expect(edgeLines(columns)).toEqual(edgeLines(expected));
    const total = expected.files.length;
    expect(seen).toEqual(expect.arrayContaining([`0/${total} resolving packages/app/src/handlers/decorators.ts`]));
    expect(seen.at(0)).toBe('0/0 finding files');
    expect(seen).toContain(`0/${total} loading packages/app/tsconfig.json`);
  });

  test.each([2, 3])('gives the same graph when %i compilers share the work', async (shares) => {
    const seen: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): void => {
      seen.push([done, total]);
    };
    const request = { ...REQUEST, engine: 'ts7' } as const;
    const whole = await createPool(ENOUGH_MB).index(request, UNOBSERVED);
    const pool = createPool(ENOUGH_MB, undefined, shares);
    const divided = await pool.index(request, { signal: UNOBSERVED.signal, onProgress });
    expect(divided.nodes).toEqual(whole.nodes);
    expect(edgeLines(divided)).toEqual(edgeLines(whole));
    expect(divided.files).toEqual(whole.files);
    expect(divided.unresolvedPackages).toEqual(whole.unresolvedPackages);
    expect(divided.warnings.toSorted()).toEqual(whole.warnings.toSorted());
    const { length } = whole.files.filter(({ state }) => state !== 'skipped');
    expect(seen.at(-1)).toEqual([length, length]);
  });

  test('ends all compilers when one share fails or all are cancelled', async () => {
    const pool = createPool(ENOUGH_MB, undefined, 2);
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done > 3) stop.abort();
    };
    const request = { ...REQUEST, engine: 'ts7' } as const;
    const failure = await failureOf(pool.index(request, { signal: stop.signal, onProgress }));
    expect(failure).toMatchObject({ code: 'cancelled' });
    expect((await pool.index(request, UNOBSERVED)).nodes.count).toBeGreaterThan(250);
    await pool.close();
    await expect.poll(compilers).toEqual([]);
  });

  test('indexes again after a failure', async () => {
    const pool = createPool(ENOUGH_MB);
    const failure = await failureOf(pool.index({ ...REQUEST, root: join(TRAPS, 'nothing') }, UNOBSERVED));
    expect(failure).toMatchObject({ code: 'not_found' });
    expect((await pool.index(REQUEST, UNOBSERVED)).nodes.count).toBeGreaterThan(250);
  });

  test.each(TYPED_ENGINES)('ends the work of %s when it is cancelled, and works again afterwards', async (engine) => {
    const pool = createPool(ENOUGH_MB);
    const stop = new AbortController();
    const onProgress = (_done: number, _total: number, message: string): void => {
      if (message.startsWith('resolving')) stop.abort();
    };
    const failure = await failureOf(pool.index({ ...REQUEST, engine }, { signal: stop.signal, onProgress }));
    expect(failure).toMatchObject({ code: 'cancelled', message: `The index of ${TRAPS} was cancelled.` });
    expect((await pool.index({ ...REQUEST, engine }, UNOBSERVED)).nodes.count).toBeGreaterThan(250);
  });

  test('says which setting to raise when the memory does not suffice', async () => {
    const failure = await failureOf(createPool(24).index(REQUEST, UNOBSERVED));
    expect(failure).toMatchObject({
      code: 'limit_reached',
      message: `The index of ${TRAPS} needs more than 24 MB of memory.`,
      hint: 'Raise graph.workerMemoryMb, or index a part of the repository.',
    });
  });

  test.each(TYPED_ENGINES)('leaves a file to syntax that keeps %s busy for too long', async (engine) => {
    const root = await slowFolder(1);
    const columns = await createPool(ENOUGH_MB, 1000).index({ ...REQUEST, root, engine }, UNOBSERVED);
    await rm(root, { recursive: true });
    expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual(['good.ts typed', 'slow-0.ts syntax']);
    expect(columns.warnings).toEqual([
      'slow-0.ts (syntax): its types could not be resolved: the type checker did not get through it in 1 s',
    ]);
    expect(edgeLines(columns, 'calls')).toEqual(['calls good.ts#run -> good.ts#good']);
  });
});

describe('a native compiler that is killed', () => {
  test('costs the file that it was at, and no other', async () => {
    const root = await slowFolder(1);
    const columns = await createPool(ENOUGH_MB).index(
      { ...REQUEST, root, engine: 'ts7' },
      { signal: UNOBSERVED.signal, onProgress: killAtSlowFiles },
    );
    await rm(root, { recursive: true });
    expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual(['good.ts typed', 'slow-0.ts syntax']);
    expect(columns.files[1]?.note).toMatch(/^its types could not be resolved: The TypeScript 7 compiler ended: /);
    expect(edgeLines(columns, 'calls')).toEqual(['calls good.ts#run -> good.ts#good']);
  });

  test('again and again is an error with advice, not a graph', async () => {
    const root = await slowFolder(6);
    const failure = await failureOf(
      createPool(ENOUGH_MB).index(
        { ...REQUEST, root, engine: 'ts7' },
        { signal: UNOBSERVED.signal, onProgress: killAtSlowFiles },
      ),
    );
    await rm(root, { recursive: true });
    expect(failure).toMatchObject({ code: 'upstream_failed' });
    expect(failure).toHaveProperty('hint', expect.stringContaining('ts-morph'));
  });

  test('is not that of an index that still waits and is cancelled', async () => {
    const pool = createPool(ENOUGH_MB);
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    const first = pool.index({ ...REQUEST, engine: 'ts7' }, { signal: UNOBSERVED.signal, onProgress });
    const second = failureOf(pool.index({ ...REQUEST, engine: 'ts7' }, { ...UNOBSERVED, signal: stop.signal }));
    expect(await second).toMatchObject({ code: 'cancelled' });
    expect((await first).files.every(({ state }) => state === 'typed')).toBe(true);
  });

  test('with its index leaves no process behind', async () => {
    const root = await slowFolder(1);
    const stop = new AbortController();
    const onProgress = (_done: number, _total: number, message: string): void => {
      if (message === 'resolving slow-0.ts') stop.abort();
    };
    const pool = createPool(ENOUGH_MB);
    const failure = await failureOf(
      pool.index({ ...REQUEST, root, engine: 'ts7' }, { signal: stop.signal, onProgress }),
    );
    await rm(root, { recursive: true });
    expect(failure).toMatchObject({ code: 'cancelled' });
    await expect.poll(compilers).toEqual([]);
  });
});

/** A file without trouble, and some that keep a type checker busy until it is ended. */
async function slowFolder(count: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'lightdom-pool-'));
  await writeFile(join(root, 'good.ts'), 'export function good(): void {}\nexport const run = (): void => good();\n');
  for (let index = 0; index < count; index += 1) await writeFile(join(root, `slow-${index}.ts`), SLOW_TYPE);
  return root;
}

function killAtSlowFiles(_done: number, _total: number, message: string): void {
  if (!message.startsWith('resolving slow')) return;
  for (const pid of compilers()) signalProcess(pid, 'SIGKILL');
}

/** Native compilers that this process has started. */
function compilers(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, command, parent] = /\((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return command === 'tsc' && Number(parent) === process.pid ? [Number(name)] : [];
    } catch {
      // It ended while the list was read.
      return [];
    }
  });
}

/** A union of a hundred million members: a property of it takes longer than anybody waits. */
const SLOW_TYPE = `
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Four = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
type Values<T> = T[keyof T];
type Every = Values<{ [K in Four]: { [L in Four]: { value: [K, L] } }[Four] }>;
declare const every: Every;
export const value = every.value;
`;
