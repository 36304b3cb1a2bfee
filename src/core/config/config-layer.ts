import { delimiter, resolve } from 'node:path';
import { CONFIG_TREE, joinPath } from './config-keys.ts';
import type { ConfigGroup, ConfigKey } from './config-keys.ts';
import { badGroup, badValue, unknownKey } from './config-problem.ts';
import type { ConfigProblem } from './config-problem.ts';

export interface LayerValue {
  readonly value: unknown;
  /** For people: `file /etc/lightdom.json`, `env AUTO_INDEX`, `flag --set http.port`. */
  readonly origin: string;
  /** The file that holds it, where it came out of one. */
  readonly file?: SourceFile | undefined;
}

export interface SourceFile {
  readonly path: string;
  /** `secret`: it holds one secret and nothing else. */
  readonly kind: 'configuration' | 'secret';
}

/** What one source says, checked, by key path. */
export interface ConfigLayer {
  readonly values: Map<string, LayerValue>;
  /** Optional groups that are present, even without a key of their own. */
  readonly groups: Set<string>;
}

/** How a source's values are to be read. */
export interface SourceRules {
  readonly originOf: (path: string) => string;
  /** Folder that relative paths count from. */
  readonly baseFolder: string;
  /** Command lines and variables only have text; a file or a program must use the right type. */
  readonly fromText: boolean;
  /** The file that is read. */
  readonly file?: SourceFile;
}

const BOOLEAN_WORDS = [
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
] as const;

export function emptyLayer(): ConfigLayer {
  return { values: new Map(), groups: new Set() };
}

/** Reads nested objects; a key may also be a dotted path. What is wrong goes to `problems`, the rest is still read. */
export function readObjectLayer(source: unknown, rules: SourceRules, problems: ConfigProblem[]): ConfigLayer {
  const layer = emptyLayer();
  const visit = (group: ConfigGroup, members: unknown): void => {
    if (!isObject(members)) {
      problems.push(badGroup(group, members, rules.originOf(group.path)));
      return;
    }
    if (group.isOptional) layer.groups.add(group.path);
    for (const [name, value] of Object.entries(members)) {
      if (value === undefined) continue;
      const path = joinPath(group.path, name);
      const key = CONFIG_TREE.keys.get(path);
      const inner = CONFIG_TREE.groups.get(path);
      if (key !== undefined) setValue(layer, { key, value, rules }, problems);
      else if (inner !== undefined) visit(inner, value);
      else problems.push(unknownKey(path, groupAround(path), rules.originOf(path)));
    }
  };
  const root = groupAround('');
  if (source !== undefined) visit(root, source);
  return layer;
}

/** Checks one value and puts it into the layer. */
export function setValue(
  layer: ConfigLayer,
  given: { readonly key: ConfigKey; readonly value: unknown; readonly rules: SourceRules },
  problems: ConfigProblem[],
): void {
  const { key, value, rules } = given;
  const typed = rules.fromText && typeof value === 'string' ? fromText(key, value) : value;
  const result = key.schema.safeParse(typed ?? null);
  const origin = rules.originOf(key.path);
  if (!result.success) {
    problems.push(badValue(key, value, origin));
    return;
  }
  layer.values.set(key.path, { value: absolute(key, result.data, rules.baseFolder), origin, file: rules.file });
}

/** Text as the type of its key; text that does not fit stays text, so that the check refuses it. */
function fromText(key: ConfigKey, text: string): unknown {
  if (key.kind === 'boolean') return new Map<string, unknown>(BOOLEAN_WORDS).get(text) ?? text;
  if (key.kind === 'number') return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
  if (key.kind !== 'list') return text;
  const items = text.split(key.facts.separator ?? delimiter).map((item) => item.trim());
  return items.filter((item) => item !== '');
}

function absolute(key: ConfigKey, value: unknown, baseFolder: string): unknown {
  if (key.facts.isPath !== true) return value;
  if (Array.isArray(value)) return value.map((item) => resolve(baseFolder, String(item)));
  return resolve(baseFolder, String(value));
}

/** The innermost group that a path, valid or not, lies in. */
function groupAround(path: string): ConfigGroup {
  const parts = path.split('.');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const group = CONFIG_TREE.groups.get(parts.slice(0, length).join('.'));
    if (group !== undefined) return group;
  }
  return CONFIG_TREE.groups.get('') ?? { path: '', isOptional: false, members: [] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
