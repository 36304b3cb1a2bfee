import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { readBoundedText } from './bounded-file.ts';
import { CONFIG_FILE_VARIABLE } from './config-keys.ts';
import { emptyLayer, readObjectLayer } from './config-layer.ts';
import type { ConfigLayer } from './config-layer.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { Environment } from '../environment.ts';
import { findJsonError } from './json-position.ts';
import { userFolders } from './user-folders.ts';

/**
 * The configuration file: `--config`, else LIGHTDOM_CONFIG, else `config.json` in the user's configuration folder.
 * It is never looked for in the workspace: a repository that was only cloned must not configure this program. It
 * could, for one, send the API key to a base URL of its choice.
 */
const DEFAULT_NAME = 'config.json';

/** Far above any real configuration. */
const MAX_CONFIG_BYTES = 1_000_000;

export interface ConfigFileSearch {
  readonly configFile?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
}

/** Throws `invalid_input` when a file that was asked for is missing, or when it is not JSON. */
export function readFileLayer(search: ConfigFileSearch, problems: ConfigProblem[]): ConfigLayer {
  const found = findConfigFile(search);
  if (found === undefined) return emptyLayer();
  const text = readBoundedText(found.path, { what: found.what, maxBytes: MAX_CONFIG_BYTES });
  const rules = {
    originOf: () => `file ${found.path}`,
    baseFolder: dirname(found.path),
    fromText: false,
    file: { path: found.path, kind: 'configuration' } as const,
  };
  return readObjectLayer(parseJson(text, found.path), rules, problems);
}

function findConfigFile({ configFile, env, cwd }: ConfigFileSearch): { path: string; what: string } | undefined {
  if (configFile !== undefined) return { path: resolve(cwd, configFile), what: 'The file given with --config' };
  const fromEnv = env[CONFIG_FILE_VARIABLE];
  if (fromEnv !== undefined && fromEnv !== '') {
    return { path: resolve(cwd, fromEnv), what: `The file given with ${CONFIG_FILE_VARIABLE}` };
  }
  const path = join(userFolders(env).config, DEFAULT_NAME);
  return existsSync(path) ? { path, what: 'The configuration file' } : undefined;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const place = findJsonError(text);
    const where = place === undefined ? '' : ` at line ${place.line}, column ${place.column}`;
    throw new AppError('invalid_input', `The configuration file ${path} is not valid JSON${where}.`, {
      hint: 'JSON has no comments and no comma behind the last member; names stand in double quotes.',
    });
  }
}
