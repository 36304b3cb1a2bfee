import { AppError } from '../errors.ts';
import { CONFIG_TREE } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { nearestKey } from './nearest-key.ts';

/** A secret is a line; what is larger is the wrong text. */
export const MAX_SECRET_BYTES = 65_536;

/** Keys that hold nothing but a secret: tokens, API keys, passwords. */
export const SECRET_KEYS: readonly string[] = [...CONFIG_TREE.keys.values()]
  .filter((key) => key.facts.secret === 'whole')
  .map((key) => key.path);

/** Undefined for a key that is no secret, or does not exist. */
export function findSecretKey(path: string): ConfigKey | undefined {
  return SECRET_KEYS.includes(path) ? CONFIG_TREE.keys.get(path) : undefined;
}

/** Throws `invalid_input` that names the secrets there are. */
export function getSecretKey(path: string): ConfigKey {
  const key = findSecretKey(path);
  if (key !== undefined) return key;
  throw new AppError('invalid_input', noSecret(path), { hint: secretHint(path) });
}

/** What is wrong with a key that is no secret. */
export function noSecret(path: string): string {
  return CONFIG_TREE.keys.has(path) ? `Configuration key \`${path}\` is no secret.` : `There is no secret \`${path}\`.`;
}

export function secretHint(path: string): string {
  if (CONFIG_TREE.keys.has(path)) return 'Put it into the configuration file.';
  const nearest = nearestKey(path, SECRET_KEYS, SECRET_KEYS);
  const guess = nearest === undefined ? '' : `Did you mean \`${nearest}\`? `;
  return `${guess}Secrets: ${SECRET_KEYS.join(', ')}.`;
}
