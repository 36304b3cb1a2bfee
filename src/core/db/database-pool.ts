import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
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
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  const onError = (error: Error): void => options.log.warn({ reason: messageOf(error) }, 'a database connection broke');
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

  constructor(pool: pg.Pool, url: string) {
    this.#pool = pool;
    this.url = url;
  }

  query<T>(row: z.ZodType<T>, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return this.#with((client) => new ClientQueryable(client).query(row, sql, params));
  }

  execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return this.#with((client) => new ClientQueryable(client).execute(sql, params));
  }

  copyIn(sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    return this.#with((client) => new ClientQueryable(client).copyIn(sql, chunks));
  }

  async *copyOut(sql: string): AsyncIterable<Buffer> {
    const client = await this.#connect();
    let isWhole = false;
    try {
      yield* new ClientQueryable(client).copyOut(sql);
      isWhole = true;
    } finally {
      // A copy that the reader gave up can't be ended on its connection: the connection goes with it.
      client.release(!isWhole);
    }
  }

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#with(async (client) => {
      await client.query('begin');
      try {
        const result = await work(new ClientQueryable(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** A connection on which something unknown failed is thrown away rather than reused. */
  async #with<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError) || databaseError(error) !== error;
      throw databaseError(error);
    } finally {
      client.release(broken);
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

/** One connection: what runs inside a transaction. */
class ClientQueryable implements Queryable {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query<T>(row: z.ZodType<T>, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const { rows } = await this.#client.query<Record<string, unknown>>(sql, [...params]);
    return z.array(row).parse(rows);
  }

  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    const { rowCount } = await this.#client.query(sql, [...params]);
    return rowCount ?? 0;
  }

  async copyIn(sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    await pipeline(Readable.from(chunks, { objectMode: false }), this.#client.query(copyFrom(sql)));
  }

  async *copyOut(sql: string): AsyncIterable<Buffer> {
    for await (const chunk of this.#client.query(copyTo(sql))) {
      if (chunk instanceof Buffer) yield chunk;
    }
  }
}
