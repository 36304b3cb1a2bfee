import { CONFIG_TREE } from './config-keys.ts';
import { supersedingKey } from './database-url.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { SECRET_KEYS } from './secret-keys.ts';
import { SecretStore } from './secret-store.ts';

/** The configuration is read once. */
export const AT_NEXT_START = 'at the next start';

/** A secret without its value. */
export interface SecretRow {
  readonly key: string;
  readonly description: string;
  readonly isSet: boolean;
  /** Where the value in force comes from. */
  readonly origin: string;
  /** Whether the secret store has one, in force or not. */
  readonly isStored: boolean;
}

/** Every secret, in the order of the schema. */
export function describeSecrets({ config: { dataDir }, origins }: LoadedConfig): SecretRow[] {
  const store = new SecretStore(dataDir);
  return SECRET_KEYS.map((key) => ({
    key,
    description: describeSecret(key),
    isSet: origins.has(key),
    origin: origins.get(key) ?? 'not set',
    isStored: store.has(key),
  }));
}

/** What a secret is for, in a sentence; '' for a key that does not exist. */
export function describeSecret(key: string): string {
  return CONFIG_TREE.keys.get(key)?.description ?? '';
}

/** From when on a secret counts that is stored now: what wins over the store goes on winning. */
export function secretEffect(loaded: LoadedConfig, key: string): string {
  const winner = loaded.overrides.has(key) ? key : supersedingKey(loaded, key);
  if (winner === undefined) return AT_NEXT_START;
  const origin = loaded.origins.get(winner) ?? '';
  return `only once ${winner} no longer comes from ${origin}`;
}
