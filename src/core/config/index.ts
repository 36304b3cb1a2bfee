/**
 * Configuration: one strict tree, read once at the start from defaults, file, secret store, environment, program and flags.
 * Owns the secret store. What it hands out is frozen; an unknown key or a bad value never gets past it,
 * and secrets leave it only inside `config` itself.
 */
export { loadConfig, parseSetFlags } from './load-config.ts';
export type { LoadConfigOptions } from './load-config.ts';
export type { LoadedConfig } from './loaded-config.ts';
export type { Config, ConfigInput } from './config-schema.ts';
export { describeConfig, findSecretValue, renderConfigReference, renderModeReference } from './describe-config.ts';
export type { ConfigRow } from './describe-config.ts';
export { AT_NEXT_START, describeSecret, describeSecrets, secretEffect } from './describe-secrets.ts';
export { getSecretKey, MAX_SECRET_BYTES, SECRET_KEYS } from './secret-keys.ts';
export { SecretStore } from './secret-store.ts';
export { readBoundedText } from './bounded-file.ts';
export { maskUrl } from './config-mask.ts';
export { databaseUrlOf } from './database-url.ts';
export { childEnvironment, readEnvironment } from '../environment.ts';
export type { Environment } from '../environment.ts';
export { userPlaces } from './user-places.ts';
export type { UserPlaces } from './user-places.ts';
