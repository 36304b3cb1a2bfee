import type { ConfigKey } from './config-keys.ts';

/** Stands for a secret, whatever its length. */
export const MASK = '••••';

/** The value as it may be shown: secrets are replaced as a whole, of URLs only the passwords. */
export function maskValue(key: ConfigKey, value: unknown): unknown {
  if (value === undefined || key.facts.secret === undefined) return value;
  if (key.facts.secret === 'whole' || typeof value !== 'string') return MASK;
  return maskUrl(value);
}

/**
 * Hides what can be a password. It also has to work on text that is not a good URL, where the end of a password is
 * uncertain: everything up to the last `@` counts, and text of another shape is hidden as a whole.
 */
export function maskUrl(text: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^:@]*)(:?)[^]*@)?([^@]*)$/i.exec(text);
  if (parts === null) return MASK;
  const [, scheme = '', user, colon = '', rest = ''] = parts;
  const credentials = user === undefined ? '' : `${user}${colon === '' ? '' : `:${MASK}`}@`;
  return scheme + credentials + rest.replaceAll(/((?:password|token|key)=)[^&#]*/gi, `$1${MASK}`);
}
