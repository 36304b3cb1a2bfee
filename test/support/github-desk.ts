import { createSilentLog } from '../../src/core/log.ts';
import type { Log } from '../../src/core/log.ts';
import { githubSchema } from '../../src/core/config/github-schema.ts';
import { runGit } from '../../src/git/run-git.ts';
import { GithubService } from '../../src/github/github-runtime.ts';
import type { GithubSettings } from '../../src/github/index.ts';
import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';
import { startGithub } from './github-stand-in.ts';
import type { GithubStandIn, GithubStandInOptions } from './github-stand-in.ts';

/** A stand-in of GitHub, a repository there, and a clone that branches are made in. */
export interface GithubDesk {
  readonly hub: GithubStandIn;
  readonly clone: GitRepository;
  /** A service with short waits; `settings` go over the defaults. */
  service(settings?: Partial<GithubSettings>, log?: Log): GithubService;
  /** A repository of its own for one test, of the clone's main branch. */
  repository(name: string): Promise<{ readonly owner: string; readonly name: string }>;
  /** Commits a change on the branch, unless it is to be empty, and pushes it over HTTP; the hash of its last commit. */
  push(place: { readonly owner: string; readonly name: string }, branch: string, isEmpty?: boolean): Promise<string>;
  stop(): Promise<void>;
}

export const QUICK = { timeoutMs: 20_000, backoffMs: 2, maxWaitMs: 3_000, forkPollMs: 5 };

export async function openGithubDesk(options: GithubStandInOptions = {}): Promise<GithubDesk> {
  const hub = await startGithub(options);
  const clone = createRepository({ 'a.ts': 'export const a = 1;\n' });
  const seed = createRepository();
  seed.git('pull', '--quiet', clone.root, 'main');
  return {
    hub,
    clone,
    service: (settings = {}, log = createSilentLog()) => {
      const own = githubSchema.parse({ apiUrl: hub.apiUrl, token: hub.token });
      return new GithubService({ settings: { ...own, ...settings }, log, timing: QUICK });
    },
    repository: async (name) => {
      await hub.createRepository(`acme/${name}`, seed.root);
      return { owner: 'acme', name };
    },
    push: async (place, branch, isEmpty = false) => {
      clone.git('switch', '--quiet', '--force-create', branch, 'main');
      if (!isEmpty) {
        clone.write({ 'a.ts': `export const a = '${branch}';\n` });
        clone.commit(`change ${branch}`);
      }
      const url = `${hub.gitUrl}/${place.owner}/${place.name}.git`;
      await runGit(clone.root, ['push', '--quiet', url, branch], { env: gitCredentials(hub.token) });
      return clone.git('rev-parse', 'HEAD').trim();
    },
    stop: async () => {
      clone.remove();
      seed.remove();
      await hub.stop();
    },
  };
}

/** The token as a header that git is told by its environment: it stands in no file and no argument. */
export function gitCredentials(token: string): Readonly<Record<string, string>> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
