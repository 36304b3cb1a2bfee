import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { databaseError } from './database-error.ts';
import type { Queryable } from './database.ts';

/** One connection: what a session and the inside of a transaction are. Failures of its statements leave it translated. */
export class ClientQueryable implements Queryable {
  readonly #client: pg.ClientBase;

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  async query<T>(row: z.ZodType<T>, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const { rows } = await this.#run(sql, params);
    return z.array(row).parse(rows);
  }

  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    const { rowCount } = await this.#run(sql, params);
    return rowCount ?? 0;
  }

  async copyIn(sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    const source = Readable.from(chunks, { objectMode: false });
    const sink = this.#client.query(copyFrom(sql));
    // Each end passes its failure on to the other; only what began at the server's end is translated.
    let isSourceBroken: boolean | undefined;
    source.once('error', () => (isSourceBroken ??= true));
    sink.once('error', () => (isSourceBroken ??= false));
    try {
      await pipeline(source, sink);
    } catch (error) {
      throw isSourceBroken === true ? error : databaseError(error);
    }
  }

  /** A reader that leaves early waits for the rest to be thrown away: the transaction has no other connection. */
  async *copyOut(sql: string): AsyncIterable<Buffer> {
    const chunks = chunksOf(this.#client, sql);
    try {
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next());
    }
  }

  /** Throws when the server rolled back instead, which it does, without an error, after a failed statement. */
  async commit(): Promise<void> {
    const { command } = await this.#run('commit', []);
    if (command === 'COMMIT') return;
    throw new Error('The transaction was rolled back: one of its statements had failed, and the failure was ignored.');
  }

  async #run(sql: string, params: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    try {
      return await this.#client.query<Record<string, unknown>>(sql, [...params]);
    } catch (error) {
      throw databaseError(error);
    }
  }
}

/** What `COPY … TO STDOUT` sends; a reader that leaves early leaves the connection in the middle of it. */
export async function* chunksOf(client: pg.ClientBase, sql: string): AsyncGenerator<Buffer, void, undefined> {
  const stream = client.query(copyTo(sql));
  // Losing the connection is also said to a stream that nobody reads any more, and would end this process.
  stream.on('error', () => {});
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Buffer) yield chunk;
    }
  } catch (error) {
    throw databaseError(error);
  }
}
