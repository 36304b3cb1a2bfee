import { resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { readBoundedText } from './bounded-file.ts';
import { CONFIG_FILE_VARIABLE, CONFIG_TREE, ENV_PREFIX } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { emptyLayer, setValue } from './config-layer.ts';
import type { ConfigLayer } from './config-layer.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { Environment } from '../environment.ts';
import { nearestKey } from './nearest-key.ts';
import { MAX_SECRET_BYTES } from './secret-keys.ts';

/** Ends the name of a variable that holds the path of a file with the secret, as container platforms provide it. */
const FILE_SUFFIX = '_FILE';

interface FoundVariable {
  readonly name: string;
  readonly text: string;
  /** Where the text was read, if not in the variable. */
  readonly path?: string;
}

/** Reads every variable that belongs to a key. Empty variables count as not set. */
export function readEnvLayer(env: Environment, cwd: string, problems: ConfigProblem[]): ConfigLayer {
  const layer = emptyLayer();
  for (const key of CONFIG_TREE.keys.values()) {
    const found = findVariable(key, env, cwd);
    if (found === undefined) continue;
    const value = found.name === key.facts.env ? (key.facts.envWords?.[found.text] ?? found.text) : found.text;
    const file = found.path === undefined ? {} : { file: { path: found.path, kind: 'secret' } as const };
    const rules = { originOf: () => `env ${found.name}`, baseFolder: cwd, fromText: true, ...file };
    setValue(layer, { key, value, rules }, problems);
    const group = groupOf(key.path);
    if (CONFIG_TREE.groups.get(group)?.isOptional === true) layer.groups.add(group);
  }
  problems.push(...unknownVariables(env));
  return layer;
}

/** Every variable that sets the key, the one that wins first. */
export function variablesOf(key: ConfigKey): string[] {
  const names = key.facts.env === undefined ? [key.derivedEnv] : [key.derivedEnv, key.facts.env];
  return key.facts.secret === undefined ? names : names.flatMap((name) => [name, name + FILE_SUFFIX]);
}

function findVariable(key: ConfigKey, env: Environment, cwd: string): FoundVariable | undefined {
  const names = key.facts.env === undefined ? [key.derivedEnv] : [key.derivedEnv, key.facts.env];
  for (const name of names) {
    const text = env[name] === '' ? undefined : env[name];
    const file = key.facts.secret === undefined ? undefined : env[name + FILE_SUFFIX];
    if (file === undefined || file === '') {
      if (text !== undefined) return { name, text };
      continue;
    }
    const path = resolve(cwd, file);
    if (text === undefined) return { name: name + FILE_SUFFIX, text: readSecret(name + FILE_SUFFIX, path), path };
    throw new AppError('invalid_input', `Both ${name} and ${name + FILE_SUFFIX} are set.`, {
      hint: 'Unset one of them: they give the same secret.',
    });
  }
  return undefined;
}

function readSecret(name: string, path: string): string {
  const text = readBoundedText(path, { what: `The secret file of ${name}`, maxBytes: MAX_SECRET_BYTES }).trim();
  if (text !== '') return text;
  throw new AppError('invalid_input', `The secret file of ${name}, ${path}, is empty.`, {
    hint: `Write the secret into it, or unset ${name}.`,
  });
}

/** A misspelt variable would be ignored in silence; only our own prefix can be checked. */
function unknownVariables(env: Environment): ConfigProblem[] {
  const known = [...CONFIG_TREE.keys.values()].flatMap(variablesOf).concat(CONFIG_FILE_VARIABLE);
  const own = known.filter((name) => name.startsWith(ENV_PREFIX)).map((name) => name.slice(ENV_PREFIX.length));
  const problems: ConfigProblem[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith(ENV_PREFIX) || known.includes(name)) continue;
    const nearest = nearestKey(name.slice(ENV_PREFIX.length), own, own);
    const hint =
      nearest === undefined ? '`lightdom config show` lists the keys.' : `Did you mean ${ENV_PREFIX}${nearest}?`;
    problems.push({ key: name, origin: `env ${name}`, text: `Unknown environment variable ${name}. ${hint}` });
  }
  return problems;
}

function groupOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
