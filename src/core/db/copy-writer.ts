import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { AppError, messageOf } from '../errors.ts';

/** Large enough that system calls do not count, small enough that filling one takes about a millisecond. */
const CHUNK_BYTES = 128 * 1024;

/** `PGCOPY\n\xff\r\n\0`, then flags and length of the header extension, both zero. */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const END_OF_DATA = -1;

/** Writes rows of Postgres's binary COPY format (PostgreSQL manual, COPY, "Binary Format") into a growing buffer. */
export class CopyWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES * 2);
  #view = viewOf(this.#buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  header(): void {
    this.#reserve(HEADER.length);
    this.#length += HEADER.copy(this.#buffer, this.#length);
  }

  row(fieldCount: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#length, fieldCount);
    this.#length += 2;
  }

  int16(value: number): void {
    this.#reserve(6);
    this.#view.setInt32(this.#length, 2);
    this.#view.setInt16(this.#length + 4, value);
    this.#length += 6;
  }

  int32(value: number): void {
    this.#reserve(8);
    this.#view.setInt32(this.#length, 4);
    this.#view.setInt32(this.#length + 4, value);
    this.#length += 8;
  }

  /** Throws a RangeError for a number that is no integer. */
  int64(value: bigint | number): void {
    this.#reserve(12);
    this.#view.setInt32(this.#length, 8);
    this.#view.setBigInt64(this.#length + 4, BigInt(value));
    this.#length += 12;
  }

  float64(value: number): void {
    this.#reserve(12);
    this.#view.setInt32(this.#length, 8);
    this.#view.setFloat64(this.#length + 4, value);
    this.#length += 12;
  }

  text(value: string): void {
    const clean = value.includes('\0') ? storableText(value) : value;
    this.#reserve(4 + clean.length * 3);
    const bytes = this.#buffer.write(clean, this.#length + 4);
    this.#view.setInt32(this.#length, bytes);
    this.#length += 4 + bytes;
  }

  trailer(): void {
    this.row(END_OF_DATA);
  }

  /** Hands over what was written and begins anew. */
  take(): Buffer {
    const chunk = this.#buffer.subarray(0, this.#length);
    this.#replace(Buffer.allocUnsafeSlow(CHUNK_BYTES * 2));
    this.#length = 0;
    return chunk;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#replace(grown);
  }

  #replace(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = viewOf(buffer);
  }
}

/** Rows `0 … count - 1` as one COPY stream. Gives other work a turn between chunks, and stops when `signal` aborts. */
export async function* encodeRows(
  count: number,
  writeRow: (writer: CopyWriter, row: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const writer = new CopyWriter();
  writer.header();
  for (let row = 0; row < count; row += 1) {
    writeRow(writer, row);
    if (writer.length < CHUNK_BYTES) continue;
    throwIfCancelled(signal);
    yield writer.take();
    await yieldToLoop();
  }
  writer.trailer();
  throwIfCancelled(signal);
  yield writer.take();
}

/** Throws the reason of the signal when that says already what happened, else `cancelled`. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  if (reason instanceof AppError) throw reason;
  throw new AppError('cancelled', `The copy was cancelled: ${messageOf(reason)}.`, { cause: reason });
}

/** Postgres' text has no NUL and no half of a character: each becomes the replacement character. */
export function storableText(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\uFFFD');
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
