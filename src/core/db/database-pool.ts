import pg from 'pg';
import type { z } from 'zod';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { chunksOf, ClientQueryable } from './client-queryable.ts';
import { databaseError } from './database-error.ts';
import type { Database, Queryable } from './database.ts';

export interface ConnectOptions {
  readonly url: string;
  readonly log: Log;
  /** Connections at most. */
  readonly max?: number;
  readonly applicationName?: string;
  /** How long a statement waits for a lock before it fails with `not_ready`; for ever when it is not said. */
  readonly lockTimeoutMs?: number;
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
    lock_timeout: options.lockTimeoutMs,
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

/** True when the server said no to a statement and the connection is as good as before. */
function isRefusedStatement(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof pg.DatabaseError && cause.severity === 'ERROR';
}
