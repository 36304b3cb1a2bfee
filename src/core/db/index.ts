/**
 * The database: where it comes from, one pool to it, its migrations.
 * Owns the embedded server and every SQL connection of this process. Invariants: rows leave it parsed; a server that
 * dies never takes this process with it; a password never leaves it but inside a connection string.
 */
export { CopyWriter, encodeRows, storableText, throwIfCancelled } from './copy-writer.ts';
export { databaseError } from './database-error.ts';
export { watchDatabase } from './database-health.ts';
export type { DatabaseHealth } from './database-health.ts';
export { connectDatabase } from './database-pool.ts';
export type { ConnectOptions } from './database-pool.ts';
export { openSession } from './database-session.ts';
export type { DatabaseSession, SessionOptions } from './database-session.ts';
export type { Database, Queryable } from './database.ts';
export { migrate } from './migrate.ts';
export type { Migration } from './migrate.ts';
export { MIGRATIONS } from './migrations/migration-list.ts';
export { followNotifications } from './notification-feed.ts';
export type { NotificationFeed, NotificationOptions } from './notification-feed.ts';
export { describePostgresSources, resolvePostgres } from './resolve-postgres.ts';
export type { ResolvedPostgres } from './resolve-postgres.ts';
export { findRunningCluster } from './running-cluster.ts';
