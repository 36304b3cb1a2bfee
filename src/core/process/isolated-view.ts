import { createRequire } from 'node:module';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { childEnvironment } from '../config/index.ts';
import type { IsolatedRequest } from './isolated-run.ts';
import type { Scratch } from './isolation-shelter.ts';
import type { MountWishes } from './mount-plan.ts';

/** In the home of a person; where programs keep keys, tokens and passwords. */
const SECRET_PLACES = `
  .ssh .gnupg .aws .azure .kube .docker .config .netrc .npmrc .yarnrc .yarnrc.yml .git-credentials .gitconfig .pypirc
  .pgpass .vault-token .password-store .mozilla .local/share/keyrings .cargo/credentials.toml .bash_history .zsh_history`;
/** Sockets of services lie there: of containers, of the desktop, of agents that hold keys. */
const SOCKET_PLACES = ['/run', '/var/run'];
const TEMPORARY_PLACES = ['/tmp', '/var/tmp'];

/** The harmless part of ours without the home, and what makes programs quiet and stay offline. */
export function isolatedEnvironment(
  { env }: IsolatedRequest,
  scratch: Scratch,
  mark: Readonly<Record<string, string>>,
): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8', LC_ALL, TZ } = childEnvironment();
  return {
    PATH,
    LANG,
    ...(LC_ALL !== undefined && { LC_ALL }),
    ...(TZ !== undefined && { TZ }),
    CI: '1',
    NO_COLOR: '1',
    HOME: scratch.home,
    TMPDIR: scratch.temporary,
    TEMP: scratch.temporary,
    TMP: scratch.temporary,
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_cache: join(scratch.home, '.npm'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...env,
    ...mark,
  };
}

export function wishesOf(request: IsolatedRequest, scratch: Scratch): MountWishes {
  const hidden = [...secretPlaces(), ...SOCKET_PLACES, ...(request.hidden ?? [])];
  return {
    hidden: realPaths(hidden),
    writable: realPaths([...request.writable, scratch.home, scratch.temporary]),
    readOnly: realPaths(request.readOnly ?? []),
    readable: realPaths([...packagePlaces(request.cwd), ...(request.readable ?? []), ...programPlaces()]),
    temporary: { folder: scratch.standIn, places: realPaths(TEMPORARY_PLACES) },
  };
}

function secretPlaces(): string[] {
  return SECRET_PLACES.trim()
    .split(/\s+/)
    .map((place) => join(homedir(), place));
}

/** The folder itself, the packages installed in it, which may be a link to elsewhere, and those that this program brings along. */
function packagePlaces(cwd: string): string[] {
  const own = createRequire(import.meta.url).resolve('typescript/package.json');
  return [cwd, join(cwd, 'node_modules'), dirname(dirname(own))];
}

/** Where programs lie. Beside a `bin` is what its programs are made of. */
function programPlaces(): string[] {
  const folders = (childEnvironment()['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return [...folders, dirname(process.execPath)].map((folder) =>
    basename(folder) === 'bin' ? dirname(folder) : folder,
  );
}

function realPaths(paths: readonly string[]): string[] {
  const real = paths.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  return [...new Set(real)].filter((path) => path !== '/');
}
