import { join } from 'node:path';
import process from 'node:process';
import envPaths from 'env-paths';
import type { Environment } from '../environment.ts';

const PROGRAM = 'lightdom';

/** Where the platform keeps a user's data and configuration; on Linux the XDG variables of `env` move them. */
export function userFolders(env: Environment): { data: string; config: string } {
  const { data, config } = envPaths(PROGRAM, { suffix: '' });
  if (process.platform !== 'linux') return { data, config };
  const { XDG_DATA_HOME: dataHome = '', XDG_CONFIG_HOME: configHome = '' } = env;
  return {
    data: dataHome === '' ? data : join(dataHome, PROGRAM),
    config: configHome === '' ? config : join(configHome, PROGRAM),
  };
}
