import type { LayerValue } from './config-layer.ts';
import { DEFAULT_ORIGIN } from './loaded-config.ts';
import type { LoadedConfig } from './loaded-config.ts';

/** The keys that together say what `database.url` says at once. */
const PARTS = ['host', 'port', 'database', 'user', 'password'].map((name) => `database.${name}`);
const URL_KEY = 'database.url';
const PASSWORD_KEY = 'database.password';

/**
 * A URL and its parts are two spellings of one thing, so the source that wins with one of them also wins over the
 * other: a program that names a host must not end up on the DATABASE_URL of the shell. Within one source the URL wins.
 */
export function dropSupersededDatabase(lower: Map<string, LayerValue>, higher: ReadonlyMap<string, LayerValue>): void {
  if (higher.has(URL_KEY)) for (const part of PARTS) lower.delete(part);
  else if (PARTS.some((part) => higher.has(part))) lower.delete(URL_KEY);
}

/** A password in the secret store completes an address; it names no other one in place of a URL that is given. */
export function dropSupersededPassword(secrets: Map<string, LayerValue>, lower: ReadonlyMap<string, LayerValue>): void {
  if (lower.has(URL_KEY)) secrets.delete(PASSWORD_KEY);
}

/** The key that is used in place of this one, where a URL says all. */
export function supersedingKey({ config }: LoadedConfig, key: string): string | undefined {
  return key === PASSWORD_KEY && config.database.url !== undefined ? URL_KEY : undefined;
}

/** The Postgres that the user named, or undefined when none was named and the embedded one is to be used. */
export function databaseUrlOf({ config, origins }: LoadedConfig): string | undefined {
  const { url, host, port, database, user, password } = config.database;
  if (url !== undefined) return url;
  if (PARTS.every((part) => (origins.get(part) ?? DEFAULT_ORIGIN) === DEFAULT_ORIGIN)) return undefined;
  const login = encodeURIComponent(user) + (password === undefined ? '' : `:${encodeURIComponent(password)}`);
  return `postgresql://${login}@${hostInUrl(host)}:${port}/${encodeURIComponent(database)}`;
}

/** IPv6 addresses stand in brackets; the folder of a Unix socket is percent-encoded. */
function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host.replaceAll(/[[\]]/g, '')}]` : encodeURIComponent(host);
}
