/**
 * What a caller may do. `read`: ask and look; `write`: change what is kept and files; `run`: start and steer runs;
 * `admin`: everything, upkeep and the runs of others included. `write` and `run` include `read`.
 */
export const SCOPES = ['lightdom:read', 'lightdom:write', 'lightdom:run', 'lightdom:admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whoever works on this machine with this data folder: it may do everything. */
export const LOCAL_PRINCIPAL = 'local';

/** The scopes that follow from the given ones, which may hold others that mean nothing here. */
export function grantedScopes(given: readonly string[]): readonly Scope[] {
  if (given.includes('lightdom:admin')) return SCOPES;
  const named = SCOPES.filter((scope) => given.includes(scope));
  return named.length === 0 || named.includes('lightdom:read') ? named : ['lightdom:read', ...named];
}
