import { resolve } from 'node:path';
import process from 'node:process';
import { AppError } from '../errors.ts';
import { readFileLayer } from './config-file.ts';
import { CONFIG_TREE } from './config-keys.ts';
import type { ConfigGroup } from './config-keys.ts';
import { emptyLayer, readObjectLayer } from './config-layer.ts';
import type { ConfigLayer, LayerValue } from './config-layer.ts';
import { configError, missingKey } from './config-problem.ts';
import type { ConfigProblem } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import type { Config, ConfigInput } from './config-schema.ts';
import { dropSupersededDatabase, dropSupersededPassword } from './database-url.ts';
import { readEnvLayer } from './env-layer.ts';
import { readEnvironment } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { DEFAULT_ORIGIN } from './loaded-config.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { checkMode } from './mode-check.ts';
import { DEFAULT_MODE, MODE_DEFAULTS, MODES } from './mode-rules.ts';
import { readSecretLayer } from './secret-layer.ts';
import { userFolders } from './user-folders.ts';

export interface LoadConfigOptions {
  /** Keys from the command line, nested or as dotted paths; text is read as the type of its key. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** The object that a program gives; flags win over it. */
  readonly input?: ConfigInput;
  readonly env?: Environment;
  readonly configFile?: string;
  readonly cwd?: string;
  /** false: the secret store is not read, by a process that is given the whole configuration of another. */
  readonly isStoreRead?: boolean;
}

/**
 * Defaults, below the file, below the secret store of the data folder that the others name, below the environment, below
 * the program's object and the flags.
 * Throws `invalid_input` that names every unknown key and bad value with its source, and what the mode refuses.
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const env = options.env ?? readEnvironment();
  const cwd = resolve(options.cwd ?? process.cwd());
  const problems: ConfigProblem[] = [];
  const flagRules = { originOf: (path: string) => `flag --set ${path}`, baseFolder: cwd, fromText: true };
  const inputRules = { originOf: () => 'constructor object', baseFolder: cwd, fromText: false };
  const file = readFileLayer({ configFile: options.configFile, env, cwd }, problems);
  const above = [
    readEnvLayer(env, cwd, problems),
    readObjectLayer(options.input, inputRules, problems),
    readObjectLayer(options.flags, flagRules, problems),
  ];
  if (problems.length > 0) throw configError(problems);
  const layers = [file, ...above];
  const secrets = options.isStoreRead === false ? emptyLayer() : secretsBeside(layers, env, problems);
  if (problems.length > 0) throw configError(problems);
  dropSupersededPassword(secrets.values, file.values);
  const given = mergeLayers([file, secrets, ...above]);
  for (const [path, value] of Object.entries(machineDefaults(given, env, cwd))) {
    if (!given.values.has(path)) given.values.set(path, { value, origin: DEFAULT_ORIGIN });
  }
  const overrides = new Set(mergeLayers(above).values.keys());
  const config = buildConfig(given);
  const { problems: refused, warnings } = checkMode(config, given);
  if (refused.length > 0) throw configError(refused);
  return { config, origins: originsOf(given), overrides, warnings };
}

/** The store lies in the data folder, which every other source may name. */
function secretsBeside(layers: readonly ConfigLayer[], env: Environment, problems: ConfigProblem[]): ConfigLayer {
  const given = mergeLayers(layers).values.get('dataDir')?.value;
  return readSecretLayer(typeof given === 'string' ? given : userFolders(env).data, problems);
}

/** `['http.port=0']`, as `--set` collects it, as the `flags` of {@link loadConfig}. */
export function parseSetFlags(assignments: readonly string[]): Record<string, unknown> {
  const pairs = assignments.map((assignment) => {
    const equals = assignment.indexOf('=');
    if (equals > 0) return [assignment.slice(0, equals).trim(), assignment.slice(equals + 1)] as const;
    throw new AppError('invalid_input', `\`--set ${assignment}\` has no key and value.`, {
      hint: 'Write --set key=value, for example --set http.port=0.',
    });
  });
  return Object.fromEntries(pairs);
}

function mergeLayers(layers: readonly ConfigLayer[]): ConfigLayer {
  const values = new Map<string, LayerValue>();
  const groups = new Set<string>();
  for (const layer of layers) {
    dropSupersededDatabase(values, layer.values);
    for (const [path, value] of layer.values) values.set(path, value);
    for (const path of layer.groups) groups.add(path);
  }
  return { values, groups };
}

/** Defaults that depend on the user, the current folder or the mode. */
function machineDefaults(given: ConfigLayer, env: Environment, cwd: string): Record<string, unknown> {
  const mode = MODES.find((candidate) => candidate === given.values.get('mode')?.value) ?? DEFAULT_MODE;
  return { dataDir: userFolders(env).data, workspace: cwd, ...MODE_DEFAULTS[mode] };
}

function buildConfig(given: ConfigLayer): Config {
  const root = CONFIG_TREE.groups.get('');
  const parsed = configSchema.safeParse(root === undefined ? {} : buildGroup(root, given));
  if (parsed.success) return freeze(parsed.data);
  // Each value has been checked by itself: what is left are keys that others need beside them.
  throw configError(parsed.error.issues.map((issue) => missingKey(issue.path.join('.'))));
}

function buildGroup(group: ConfigGroup, given: ConfigLayer): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of group.members) {
    const path = group.path === '' ? name : `${group.path}.${name}`;
    const inner = CONFIG_TREE.groups.get(path);
    if (inner === undefined) {
      const value = given.values.get(path);
      if (value !== undefined) result[name] = value.value;
    } else if (isPresent(inner, given)) {
      result[name] = buildGroup(inner, given);
    }
  }
  return result;
}

function isPresent(group: ConfigGroup, given: ConfigLayer): boolean {
  if (!group.isOptional || given.groups.has(group.path)) return true;
  return [...given.values.keys()].some((path) => path.startsWith(`${group.path}.`));
}

function originsOf(given: ConfigLayer): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const [path, key] of CONFIG_TREE.keys) {
    const value = given.values.get(path);
    if (value !== undefined) origins.set(path, value.origin);
    else if (key.defaultValue !== undefined && hasGroup(path, given)) origins.set(path, DEFAULT_ORIGIN);
  }
  return origins;
}

function hasGroup(path: string, given: ConfigLayer): boolean {
  const group = CONFIG_TREE.groups.get(path.slice(0, Math.max(0, path.lastIndexOf('.'))));
  return group === undefined || isPresent(group, given);
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
