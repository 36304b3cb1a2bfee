import { z } from 'zod';
import { configSchema } from './config-schema.ts';
import { keyFacts } from './key-facts.ts';
import type { KeyFacts } from './key-facts.ts';

/** One leaf of the tree. */
export interface ConfigKey {
  /** Dotted, for example `services.campaigns.maxConcurrent`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly kind: 'boolean' | 'number' | 'list' | 'text';
  readonly description: string;
  readonly facts: KeyFacts;
  /** Undefined when there is none, or when it depends on the machine (`facts.defaultText`). */
  readonly defaultValue: unknown;
  /** `LIGHTDOM_…`, which wins over the established name. */
  readonly derivedEnv: string;
}

export interface ConfigGroup {
  readonly path: string;
  /** Absent from the configuration unless one of its keys is given. */
  readonly isOptional: boolean;
  /** Names of the keys and groups directly inside. */
  readonly members: readonly string[];
}

export interface ConfigTree {
  readonly keys: ReadonlyMap<string, ConfigKey>;
  readonly groups: ReadonlyMap<string, ConfigGroup>;
}

export const ENV_PREFIX = 'LIGHTDOM_';

/** The variable that names the configuration file; it is not a key itself. */
export const CONFIG_FILE_VARIABLE = 'LIGHTDOM_CONFIG';

/** The tree of the schema as two flat lists, in the order of declaration; the root group has the path ''. */
export const CONFIG_TREE: ConfigTree = readTree();

export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

/** `services.indexing.mcpServer.port` → `LIGHTDOM_SERVICES_INDEXING_MCP_SERVER_PORT`. */
export function derivedEnvName(path: string): string {
  const words = path.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return ENV_PREFIX + words.toUpperCase();
}

function readTree(): ConfigTree {
  const keys = new Map<string, ConfigKey>();
  const groups = new Map<string, ConfigGroup>();
  const visit = (path: string, declared: z.ZodType): void => {
    const { schema, isOptional } = unwrap(declared);
    if (!(schema instanceof z.ZodObject)) {
      keys.set(path, keyOf(path, declared));
      return;
    }
    groups.set(path, { path, isOptional, members: Object.keys(schema.shape) });
    for (const [name, member] of Object.entries(schema.shape)) {
      if (member instanceof z.ZodType) visit(joinPath(path, name), member);
    }
  };
  visit('', configSchema);
  return { keys, groups };
}

function keyOf(path: string, declared: z.ZodType): ConfigKey {
  const { schema, defaultValue } = unwrap(declared);
  return {
    path,
    schema: declared,
    kind: kindOf(schema),
    description: declared.description ?? '',
    facts: keyFacts.get(declared) ?? {},
    defaultValue,
    derivedEnv: derivedEnvName(path),
  };
}

function kindOf(schema: z.ZodType): ConfigKey['kind'] {
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodNumber) return 'number';
  return schema instanceof z.ZodArray ? 'list' : 'text';
}

/** What a key is made of, below `default` and `optional`. */
export function unwrap(declared: z.ZodType): { schema: z.ZodType; isOptional: boolean; defaultValue?: unknown } {
  if (declared instanceof z.ZodDefault || declared instanceof z.ZodOptional) {
    const inner: unknown = declared.unwrap();
    const defaultValue = declared instanceof z.ZodDefault ? declared.parse(undefined) : undefined;
    if (inner instanceof z.ZodType) return { schema: inner, isOptional: true, defaultValue };
  }
  return { schema: declared, isOptional: false };
}
