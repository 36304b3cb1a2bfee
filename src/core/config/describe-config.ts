import { CONFIG_TREE } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { maskValue } from './config-mask.ts';
import { variablesOf } from './env-layer.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { DEFAULT_MODE, MODE_DEFAULTS, MODE_RULES, MODES } from './mode-rules.ts';
import type { Mode, ModeRule } from './mode-rules.ts';

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

/** The table of what a mode decides, in Markdown: first the defaults, then what is refused. */
export function renderModeReference(): string {
  const values = MODES.map((mode) => new Map<string, unknown>(Object.entries(MODE_DEFAULTS[mode])));
  const defaults = Object.keys(MODE_DEFAULTS[DEFAULT_MODE]).map((key) => {
    const cells = values.map((ofMode) => code(String(ofMode.get(key))));
    return `| default of \`${key}\` | ${cells.join(' | ')} |`;
  });
  const rules = MODE_RULES.map((rule) => {
    const cells = MODES.map((mode) => ruleText(rule, mode));
    return `| ${rule.title} | ${cells.join(' | ')} |`;
  });
  return [`| | ${MODES.map(code).join(' | ')} |`, '|---|---|---|---|', ...defaults, ...rules, ''].join('\n');
}

function ruleText({ refusedIn, isWarnedOf, condition, why }: ModeRule, mode: Mode): string {
  if (refusedIn.includes(mode)) return `an error: ${why}`;
  if (isWarnedOf) return 'a warning';
  return condition === undefined ? 'allowed' : `allowed ${condition}`;
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
