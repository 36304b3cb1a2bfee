import { CONFIG_TREE } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { maskValue } from './config-mask.ts';
import { variablesOf } from './env-layer.ts';
import type { LoadedConfig } from './loaded-config.ts';

export interface ConfigRow {
  readonly key: string;
  /** Masked; undefined when the key has no value. */
  readonly value: unknown;
  readonly origin: string;
  readonly description: string;
}

/** Every key with its value in force, in the order of the schema; secrets are masked. */
export function describeConfig({ config, origins }: LoadedConfig): ConfigRow[] {
  return [...CONFIG_TREE.keys.values()].map((key) => ({
    key: key.path,
    value: maskValue(key, valueAt(config, key.path)),
    origin: origins.get(key.path) ?? 'not set',
    description: key.description,
  }));
}

/** The table of all keys in Markdown, for the generated reference page. */
export function renderConfigReference(): string {
  const rows = [...CONFIG_TREE.keys.values()].map((key) =>
    [`\`${key.path}\``, defaultText(key), variablesOf(key).map(code).join(', '), key.description].join(' | '),
  );
  const head = ['| Key | Default | Environment | Meaning |', '|---|---|---|---|'];
  return [...head, ...rows.map((row) => `| ${row} |`), ''].join('\n');
}

function defaultText(key: ConfigKey): string {
  if (key.facts.defaultText !== undefined) return key.facts.defaultText;
  return key.defaultValue === undefined ? '–' : code(JSON.stringify(key.defaultValue));
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The value of a secret, for whom it is meant; undefined where it is not set. */
export function findSecretValue({ config }: LoadedConfig, key: string): string | undefined {
  const value = valueAt(config, key);
  return typeof value === 'string' ? value : undefined;
}

function valueAt(config: unknown, path: string): unknown {
  let value = config;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return value;
}
