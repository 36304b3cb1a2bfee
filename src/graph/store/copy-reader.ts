/** Small chunks are gathered up to this size, so that the cost of a batch does not count. */
const BATCH_BYTES = 256 * 1024;

/** Signature, flags and length of the header extension; the extension itself is always empty. */
const HEADER_BYTES = 19;
const END_OF_DATA = -1;

/** Reads the fields of rows in Postgres's binary COPY format. Columns are never NULL here. */
export class CopyReader {
  #buffer: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #offset = 0;

  /** Continues with what was left of the last batch, followed by `chunks`. */
  feed(chunks: readonly Buffer[]): void {
    this.#buffer = Buffer.concat([this.#buffer.subarray(this.#offset), ...chunks]);
    this.#view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length);
    this.#offset = 0;
  }

  /** False while the header is not all there. */
  skipHeader(): boolean {
    if (this.#buffer.length < HEADER_BYTES) return false;
    this.#offset = HEADER_BYTES;
    return true;
  }

  /** Moves to the first field of the next row: `partial` when more bytes are needed, `end` after the last one. */
  nextRow(): 'row' | 'partial' | 'end' {
    const length = this.#buffer.length;
    if (this.#offset + 2 > length) return 'partial';
    const fields = this.#view.getInt16(this.#offset);
    if (fields === END_OF_DATA) return 'end';
    let end = this.#offset + 2;
    for (let field = 0; field < fields; field += 1) {
      if (end + 4 > length) return 'partial';
      end += 4 + this.#view.getInt32(end);
    }
    if (end > length) return 'partial';
    this.#offset += 2;
    return 'row';
  }

  int16(): number {
    this.#offset += 6;
    return this.#view.getInt16(this.#offset - 2);
  }

  int32(): number {
    this.#offset += 8;
    return this.#view.getInt32(this.#offset - 4);
  }

  float64(): number {
    this.#offset += 12;
    return this.#view.getFloat64(this.#offset - 8);
  }

  text(): string {
    const start = this.#offset + 4;
    this.#offset = start + this.#view.getInt32(this.#offset);
    return this.#buffer.toString('utf8', start, this.#offset);
  }
}

/** Reads a COPY stream to its end and returns the number of rows; `readRow` takes every field of its row, in order. */
export async function decodeRows(
  chunks: AsyncIterable<Buffer>,
  readRow: (reader: CopyReader, row: number) => void,
): Promise<number> {
  const reader = new CopyReader();
  const progress = { rows: 0, isPastHeader: false, isAtEnd: false };
  const drain = (batch: readonly Buffer[]): void => {
    reader.feed(batch);
    progress.isPastHeader ||= reader.skipHeader();
    if (!progress.isPastHeader) return;
    let state = reader.nextRow();
    for (; state === 'row'; state = reader.nextRow()) readRow(reader, progress.rows++);
    progress.isAtEnd = state === 'end';
  };
  let batch: Buffer[] = [];
  let batchBytes = 0;
  for await (const chunk of chunks) {
    batch.push(chunk);
    batchBytes += chunk.length;
    if (batchBytes < BATCH_BYTES) continue;
    drain(batch);
    batch = [];
    batchBytes = 0;
  }
  drain(batch);
  if (!progress.isAtEnd) throw new Error(`The COPY stream ended early, after ${progress.rows} rows.`);
  return progress.rows;
}
