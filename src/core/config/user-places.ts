import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import process from 'node:process';
import { readEnvironment } from '../environment.ts';
import type { Environment } from '../environment.ts';

/** Where the programs of a user keep their settings. */
export interface UserPlaces {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** `~/Library/Application Support`, `%APPDATA%`, `~/.config`: by platform. */
  readonly appConfig: string;
  readonly env: Environment;
}

export function userPlaces(
  env: Environment = readEnvironment(),
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): UserPlaces {
  return { platform, home, appConfig: appConfigOf(env, platform, home), env };
}

function appConfigOf(env: Environment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
  const given = env['XDG_CONFIG_HOME'] ?? '';
  return given === '' ? posix.join(home, '.config') : given;
}
