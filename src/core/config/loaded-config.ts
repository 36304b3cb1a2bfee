import type { Config } from './config-schema.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Where the value of each key that has one comes from; DEFAULT_ORIGIN when nobody gave it. */
  readonly origins: ReadonlyMap<string, string>;
  /** Keys that the environment, a program or flags give: these win over the secret store. */
  readonly overrides: ReadonlySet<string>;
  /** What the mode lets pass and somebody should know, as sentences without a secret. */
  readonly warnings: readonly string[];
}

export const DEFAULT_ORIGIN = 'default';
