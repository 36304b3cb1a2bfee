import { AppError } from '../core/errors.ts';
import { repositoryNameSchema } from './pull-request-schema.ts';
import type { RepositoryName } from './pull-request-schema.ts';

/** `git@github.com:owner/name.git`: no scheme, and a colon before the first slash. */
const SCP_LIKE = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)\/?(.+)$/;
const SCHEMES = new Set(['https:', 'http:', 'ssh:', 'git:', 'git+ssh:']);

/**
 * The repository that a remote of git is at GitHub: by https, ssh, or as `git@host:owner/name.git`. Throws `unsupported` for a
 * remote that is elsewhere than the API is, and `invalid_input` for one that is no repository's.
 */
export function repositoryOfRemote(remoteUrl: string, apiUrl: string): RepositoryName {
  const { host, path } = partsOf(remoteUrl);
  const expected = webHostOf(apiUrl);
  if (host !== expected) {
    const message = `The remote is at ${host}, and the API of \`github.apiUrl\` is that of ${expected}.`;
    throw new AppError('unsupported', message, {
      hint: 'Set `github.apiUrl` to the API of that host, or `github.remote` to another remote.',
    });
  }
  const [owner, name, ...rest] = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .split('/');
  const parsed = repositoryNameSchema.safeParse({ owner, name });
  if (parsed.success && rest.length === 0) return parsed.data;
  throw notRepository(`${host}/${path.replace(/^\/+/, '')}`);
}

/** Where people and git meet the server whose API this is; with a port where it is not the usual one. */
export function webHostOf(apiUrl: string): string {
  const url = new URL(apiUrl);
  // GitHub Enterprise Cloud with data residency: `api.octocorp.ghe.com`.
  if (url.hostname === 'api.github.com' || url.hostname.endsWith('.ghe.com')) return url.host.replace(/^api\./, '');
  return url.host;
}

function partsOf(remoteUrl: string): { readonly host: string; readonly path: string } {
  const scp = SCP_LIKE.exec(remoteUrl);
  if (!remoteUrl.includes('://') && scp !== null) return { host: plainHost(scp[1] ?? ''), path: scp[2] ?? '' };
  if (!URL.canParse(remoteUrl)) throw notRepository();
  const url = new URL(remoteUrl);
  if (!SCHEMES.has(url.protocol)) throw notRepository();
  // The port of ssh says nothing of that of the API.
  const isWeb = url.protocol.startsWith('http');
  return { host: isWeb ? url.host : plainHost(url.hostname), path: url.pathname };
}

/** GitHub also takes ssh on the port of https, under a name of its own. */
function plainHost(host: string): string {
  const lower = host.toLowerCase();
  return lower === 'ssh.github.com' ? 'github.com' : lower;
}

/** A remote may hold a password or a token: what is before its host is never shown. */
function notRepository(place?: string): AppError {
  const message = `The remote${place === undefined ? '' : ` at ${place}`} is not the address of a repository at GitHub.`;
  return new AppError('invalid_input', message, {
    hint: 'It should look like https://github.com/owner/name.git or git@github.com:owner/name.git; see `git remote -v`.',
  });
}
