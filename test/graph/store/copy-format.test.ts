import { describe, expect, test } from 'vitest';
import { encodeRows } from '../../../src/core/db/index.ts';
import { decodeRows } from '../../../src/graph/store/copy-reader.ts';

const texts = ['', 'plain', 'ü🙂', 'x'.repeat(300_000), '\t\\N\n'];
const rowCount = 400;

async function encoded(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const rows = encodeRows(
    rowCount,
    (writer, row) => {
      writer.row(4);
      writer.int32(-row);
      writer.int16(row);
      writer.float64(row / 3);
      writer.text(texts[row % texts.length] ?? '');
    },
    new AbortController().signal,
  );
  for await (const chunk of rows) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(10);
  return Buffer.concat(chunks);
}

async function* sliced(whole: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

describe('the binary COPY format', () => {
  test.each([1_000_000_000, 262_144, 65_537, 4_099])('is read the same in pieces of %i bytes', async (size) => {
    const rows: unknown[] = [];
    const count = await decodeRows(sliced(await encoded(), size), (reader, row) => {
      const values = [reader.int32(), reader.int16(), reader.float64(), reader.text()];
      const isSame = values[3] === texts[row % texts.length];
      rows.push([...values.slice(0, 3), isSame]);
    });
    expect(count).toBe(rowCount);
    expect(rows).toEqual(Array.from({ length: rowCount }, (_, row) => [0 - row, row, row / 3, true]));
  });

  test('a stream that ends early is an error, not a shorter table', async () => {
    const whole = await encoded();
    for (const cut of [0, 5, 19, 1_000, whole.length - 1]) {
      const work = decodeRows(sliced(whole.subarray(0, cut), 100_000), (reader) => {
        reader.int32();
        reader.int16();
        reader.float64();
        reader.text();
      });
      await expect(work).rejects.toThrow('ended early');
    }
  });
});
