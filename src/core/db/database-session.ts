import pg from 'pg';
import { z } from 'zod';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { ClientQueryable } from './client-queryable.ts';
import { databaseError } from './database-error.ts';
import type { Queryable } from './database.ts';

/** One connection of its own, outside the pool: for session locks and notifications. Its statements run one by one. */
export interface DatabaseSession extends Pick<Queryable, 'query' | 'execute'> {
  /** Process id of the session at the server. */
  readonly backendPid: number;
  /** Subscribes to a NOTIFY channel. A listener that throws is logged. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<void>;
  /** Settles when the connection has ended: with the reason, or undefined after `close`. Never rejects. */
  readonly ended: Promise<string | undefined>;
  /** Also ends a statement under way, which then fails with `not_ready`. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly url: string;
  readonly log: Log;
  readonly applicationName?: string;
  /** Closes the session, also while it is still being opened. */
  readonly signal?: AbortSignal;
}

interface Listener {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A session may say nothing for hours; that its server is gone shows some 20 s later rather than after two hours. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A server that hangs does not answer a farewell either. */
const FAREWELL_MS = 1_000;

const backendRow = z.object({ pid: z.number() });

/** Throws `not_ready` when the server can't be reached, `not_configured` when it does not let us in. */
export async function openSession(options: SessionOptions): Promise<DatabaseSession> {
  const { signal } = options;
  if (isAborted(signal)) throw cancelled();
  const session = new ClientSession(options);
  const onAbort = (): void => void session.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  void session.ended.then(() => signal?.removeEventListener('abort', onAbort));
  try {
    await session.begin();
    return session;
  } catch (error) {
    await session.close();
    throw isAborted(signal) ? cancelled() : error;
  }
}

class ClientSession implements DatabaseSession {
  readonly ended: Promise<string | undefined>;
  readonly #client: pg.Client;
  readonly #queryable: ClientQueryable;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  #backendPid = 0;
  #isConnected = false;
  #isClosing = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ url, log, applicationName = 'lightdom' }: SessionOptions) {
    this.#log = log;
    this.#client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    });
    this.#queryable = new ClientQueryable(this.#client);
    this.#client.on('notification', ({ channel, payload = '' }) => this.#deliver(channel, payload));
    this.ended = this.#endOf(this.#client);
  }

  get backendPid(): number {
    return this.#backendPid;
  }

  async begin(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      throw databaseError(error);
    }
    this.#isConnected = true;
    const [row] = await this.query(backendRow, 'select pg_backend_pid() as pid');
    this.#backendPid = row?.pid ?? 0;
  }

  query<T>(row: z.ZodType<T>, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return this.#inTurn(() => this.#queryable.query(row, sql, params));
  }

  execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return this.#inTurn(() => this.#queryable.execute(sql, params));
  }

  async listen(channel: string, onMessage: (payload: string) => void): Promise<void> {
    // The first message may come together with the answer.
    const listener = { channel, onMessage };
    this.#listeners.add(listener);
    try {
      await this.execute(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // The driver's own farewell would wait for a server that it has not reached yet, and `connect` for it.
    if (!this.#isConnected) return this.#cut();
    const timer = setTimeout(() => this.#cut(), FAREWELL_MS);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    await this.ended;
  }

  /** The driver is going to refuse statements that are handed over before the last one has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  #deliver(channel: string, payload: string): void {
    for (const listener of this.#listeners) {
      if (listener.channel !== channel) continue;
      try {
        listener.onMessage(payload);
      } catch (error) {
        this.#log.error({ channel, reason: messageOf(error) }, 'a listener of notifications failed');
      }
    }
  }

  #endOf(client: pg.Client): Promise<string | undefined> {
    return new Promise((resolve) => {
      let reason: string | undefined;
      // Without this handler a killed server takes this process with it: `error` without a listener is thrown.
      client.on('error', (error) => {
        reason ??= messageOf(error);
        this.#cut();
      });
      client.on('end', () => {
        if (this.#isClosing) return resolve(undefined);
        reason ??= 'the connection ended';
        if (this.#isConnected) this.#log.warn({ reason }, 'a database session broke');
        resolve(reason);
      });
    });
  }

  #cut(): void {
    this.#client.connection.stream.destroy();
  }
}

/** May change while we wait, which a comparison in place would be taken to rule out. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The session with the database was closed while it was being opened.');
}
