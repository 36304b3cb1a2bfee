import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { IndexPool } from '../../../src/graph/engine/index-pool.ts';
import { failureOf } from '../../support/failure-of.ts';
import { edgeLines } from './edge-lines.ts';
import { extractFolder } from './extract-folder.ts';

const TRAPS = fileURLToPath(new URL('../../fixtures/traps', import.meta.url));
const REQUEST = { root: TRAPS, maxFileBytes: 1_000_000 };
const ENOUGH_MB = 1024;

const pools: IndexPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function createPool(memoryMb: number, fileTimeoutMs?: number): IndexPool {
  const pool = new IndexPool({
    memoryMb,
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

  test('indexes again after a failure', async () => {
    const pool = createPool(ENOUGH_MB);
    const failure = await failureOf(pool.index({ ...REQUEST, root: join(TRAPS, 'nothing') }, UNOBSERVED));
    expect(failure).toMatchObject({ code: 'not_found' });
    expect((await pool.index(REQUEST, UNOBSERVED)).nodes.count).toBeGreaterThan(250);
  });

  test('ends its work when it is cancelled, and works again afterwards', async () => {
    const pool = createPool(ENOUGH_MB);
    const stop = new AbortController();
    const onProgress = (_done: number, _total: number, message: string): void => {
      if (message.startsWith('resolving')) stop.abort();
    };
    const failure = await failureOf(pool.index(REQUEST, { signal: stop.signal, onProgress }));
    expect(failure).toMatchObject({ code: 'cancelled', message: `The index of ${TRAPS} was cancelled.` });
    expect((await pool.index(REQUEST, UNOBSERVED)).nodes.count).toBeGreaterThan(250);
  });

  test('says which setting to raise when the memory does not suffice', async () => {
    const failure = await failureOf(createPool(24).index(REQUEST, UNOBSERVED));
    expect(failure).toMatchObject({
      code: 'limit_reached',
      message: `The index of ${TRAPS} needs more than 24 MB of memory.`,
      hint: 'Raise graph.workerMemoryMb, or index a part of the repository.',
    });
  });

  test('leaves a file to syntax that keeps the type checker busy for too long', async () => {
    const root = await mkdtemp(join(tmpdir(), 'lightdom-pool-'));
    await writeFile(join(root, 'good.ts'), 'export function good(): void {}\nexport const run = (): void => good();\n');
    await writeFile(join(root, 'slow.ts'), SLOW_TYPE);
    const columns = await createPool(ENOUGH_MB, 1000).index({ ...REQUEST, root }, UNOBSERVED);
    await rm(root, { recursive: true });
    expect(columns.files.map(({ path, state }) => `${path} ${state}`)).toEqual(['good.ts typed', 'slow.ts syntax']);
    expect(columns.warnings).toEqual([
      'slow.ts (syntax): its types could not be resolved: the type checker did not get through it in 1 s',
    ]);
    expect(edgeLines(columns, 'calls')).toEqual(['calls good.ts#run -> good.ts#good']);
  });
});

/** A union of a hundred million members: a property of it takes longer than anybody waits. */
const SLOW_TYPE = `
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Four = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
type Values<T> = T[keyof T];
type Every = Values<{ [K in Four]: { [L in Four]: { value: [K, L] } }[Four] }>;
declare const every: Every;
export const value = every.value;
`;
