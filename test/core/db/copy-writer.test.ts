import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CopyWriter, encodeRows } from '../../../src/core/db/index.ts';
import { AppError } from '../../../src/core/errors.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const BIGINTS: readonly (bigint | number)[] = [0, -1, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n, -(2n ** 63n)];

describe('the binary COPY format', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.execute('create table kept (at integer, big bigint, small smallint, real float8, name text)');
  });

  afterAll(() => test.drop());

  const copy = (count: number, signal: AbortSignal): Promise<void> => {
    const write = (writer: CopyWriter, row: number): void => {
      writer.row(5);
      writer.int32(row);
      writer.int64(BIGINTS[row % BIGINTS.length] ?? 0);
      writer.int16(-row);
      writer.float64(row / 3);
      writer.text(`ü\0${row}`);
    };
    return test.database.copyIn('copy kept from stdin (format binary)', encodeRows(count, write, signal));
  };

  it('is what Postgres reads, with integers of all sizes', async () => {
    await copy(BIGINTS.length, new AbortController().signal);
    const row = z.object({ big: z.string(), small: z.number(), real: z.number(), name: z.string() });
    const rows = await test.database.query(row, 'select big, small, real, name from kept order by at');
    expect(rows).toEqual(
      BIGINTS.map((big, at) => ({ big: String(big), small: 0 - at, real: at / 3, name: `ü\uFFFD${at}` })),
    );
    expect(() => new CopyWriter().int64(1.5)).toThrow(RangeError);
  });

  it('stops half way, and writes nothing, when it is cancelled; a reason that says what happened is passed on', async () => {
    const reason = new AppError('timed_out', 'It took too long.');
    expect(await failureOf(copy(100_000, AbortSignal.abort(reason)))).toBe(reason);
    const cause = new Error('not wanted');
    expect(await failureOf(copy(100_000, AbortSignal.abort(cause)))).toMatchObject({
      code: 'cancelled',
      message: 'The copy was cancelled: not wanted.',
      cause,
    });
    expect(await test.database.execute('select from kept where at >= $1', [BIGINTS.length])).toBe(0);
  });
});
