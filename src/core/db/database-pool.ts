import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { databaseError } from './database-error.ts';
import type { Database, Queryable } from './database.ts';

export interface ConnectOptions {
  readonly url: string;
  readonly log: Log;
  /** Connections at most. */
  readonly max?: number;
  readonly applicationName?: string;
}

const DEFAULT_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
/** A frozen process must not hold row locks for ever. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** Opens a pool and proves it with one query. Throws `not_ready` when the server can't be reached. */
export async function connectDatabase(options: ConnectOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? DEFAULT_CONNECTIONS,
    application_name: options.applicationName ?? 'lightdom',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Between us and a server elsewhere there may be something that forgets connections on which nothing is said.
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  const onError = (error: Error): void => {
    // The pool is closed before the last of its connections is: what they meet then is nobody's concern.
    if (!pool.ending) options.log.warn({ reason: messageOf(error) }, 'a database connection broke');
  };
  // Without both handlers a killed server takes this process with it: `error` without a listener is thrown.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const database = new PoolDatabase(pool, options.url);
  try {
    await database.execute('select 1');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

class PoolDatabase implements Database {
  readonly url: string;
  readonly #pool: pg.Pool;
  #closed: Promise<void> | undefined;

  constructor(pool: pg.Pool, url: string) {
    this.#pool = pool;
    this.url = url;
  }

  query<T>(row: z.ZodType<T>, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return this.#with((client) => client.query(row, sql, params));
  }

  execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return this.#with((client) => client.execute(sql, params));
  }

  copyIn(sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    return this.#with((client) => client.copyIn(sql, chunks));
  }

  async *copyOut(sql: string): AsyncIterable<Buffer> {
    const client = await this.#connect();
    let isWhole = false;
    try {
      yield* chunksOf(client, sql);
      isWhole = true;
    } finally {
      // A copy that the reader gave up can't be ended on its connection: the connection goes with it.
      client.release(!isWhole);
    }
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const transaction = new ClientQueryable(client);
    let isOpen = true;
    try {
      await transaction.execute('begin');
      const result = await work(transaction);
      await transaction.commit();
      isOpen = false;
      return result;
    } catch (error) {
      isOpen = await client.query('rollback').then(
        () => false,
        () => true,
      );
      throw error;
    } finally {
      client.release(isOpen);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    return this.#closed;
  }

  /** A connection on which something unknown failed is thrown away rather than reused. */
  async #with<T>(work: (client: ClientQueryable) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let isBroken = false;
    try {
      return await work(new ClientQueryable(client));
    } catch (error) {
      isBroken = !isRefusedStatement(error);
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw databaseError(error);
    }
  }
}

/** One connection: what runs inside a transaction. Failures of its statements leave it translated. */
class ClientQueryable implements Queryable {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
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

async function* chunksOf(client: pg.PoolClient, sql: string): AsyncGenerator<Buffer, void, undefined> {
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

/** True when the server said no to a statement and the connection is as good as before. */
function isRefusedStatement(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof pg.DatabaseError && cause.severity === 'ERROR';
}
