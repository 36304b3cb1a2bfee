import type { z } from 'zod';

/** What both a pool and an open transaction can do. Rows are parsed: the schema is the type. */
export interface Queryable {
  query<T>(row: z.ZodType<T>, sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** Returns the number of rows affected. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /** `COPY … FROM STDIN` fed with chunks of the format that the statement names. */
  copyIn(sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void>;
  /** `COPY … TO STDOUT`, chunk by chunk as the server sends it; chunks do not respect rows. */
  copyOut(sql: string): AsyncIterable<Buffer>;
}

/** A pool of connections to one Postgres database. */
export interface Database extends Queryable {
  /** Commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** The connection string, with its password: for the engine's own pool, never for logs. */
  readonly url: string;
  close(): Promise<void>;
}
