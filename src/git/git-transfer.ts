import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { AGENT_PREFIX } from './branch-name.ts';
import { assertBranchName, assertUnprotected } from './branch-protection.ts';
import { quotedPath } from './merge-forecast.ts';
import { shownAddress } from './remote-address.ts';
import { readPlaces } from './repository-places.ts';
import { revisionOf } from './revisions.ts';
import { runGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { transferAddress } from './transfer-address.ts';
import type { TransferAddress } from './transfer-address.ts';
import { transferFailure } from './transfer-failure.ts';

export interface PushRequest {
  /** Absolute path of the repository, or of a folder in its working tree. */
  readonly folder: string;
  readonly remoteUrl: string;
  /** Name of the branch there. */
  readonly branch: string;
  /** What it becomes; the branch of the same name here without it. */
  readonly source?: string | undefined;
  readonly token?: string | undefined;
  /**
   * Full hash that the branch has there now, empty when there must be none: it then becomes `source` whatever that descends
   * from. Branches of the agent only; without it a branch only moves forward.
   */
  readonly lease?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PushedBranch {
  readonly branch: string;
  /** Full hash that it has there now. */
  readonly commit: string;
}

export interface FetchRequest {
  /** Absolute path of the repository, or of a folder in its working tree. */
  readonly folder: string;
  readonly remoteUrl: string;
  /** Name of the branch there. */
  readonly branch: string;
  /** Full name of a ref here that becomes it, whatever it was: `refs/remotes/origin/main`. */
  readonly into: string;
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GitTransferOptions {
  /** Names, or beginnings of names with a `*` behind them; they are not pushed to. */
  readonly protectedBranches: readonly string[];
  /** For one transfer. */
  readonly timeoutMs?: number | undefined;
}

interface Transfer {
  readonly action: string;
  readonly folder: string;
  readonly remoteUrl: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const TIMEOUT_MS = 300_000;
const FETCHED = 'refs/lightdom/fetched';
/** Nothing below may be a branch of somebody's checkout, and no ref of git's own. */
const INTO = /^refs\/(?:remotes|lightdom)\/[^/].*$/;

/**
 * Sends and fetches commits. git talks to the other side from an empty repository that only sees the objects of the one at
 * hand: what that one configures (proxies, other addresses, programs for ssh, helpers for credentials) has no say in where
 * credentials go. They are in the environment of git alone, never an argument, in an address or in a file. No hook runs, and
 * nobody is asked for a password.
 */
export class GitTransfer {
  readonly #protected: readonly string[];
  readonly #timeoutMs: number;

  constructor({ protectedBranches, timeoutMs = TIMEOUT_MS }: GitTransferOptions) {
    this.#protected = protectedBranches;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Throws `permission_denied` when access is refused, and for a protected branch or a lease on one that is not the agent's,
   * `conflict` when the branch there is another than it was taken for, `not_found`, `upstream_failed` when the server is not
   * reached, `invalid_input` for a bad name, revision or address, `unsupported` for a token over ssh.
   */
  async push({ folder, branch, source, lease, ...request }: PushRequest): Promise<PushedBranch> {
    const { remoteUrl, token, signal } = request;
    const git: Git = (args) => runGit(folder, args, { signal });
    await assertBranchName(git, branch);
    assertUnprotected(branch, this.#protected);
    const leases = leaseArguments(branch, lease);
    const commit = await revisionOf(git, source ?? `refs/heads/${branch}`);
    const action = `Pushing ${branch} to ${shownAddress(remoteUrl)}`;
    await this.#transfer({ action, folder, remoteUrl, token, signal }, (url) => {
      return ['push', '--no-verify', '--no-progress', ...leases, '--', url, `${commit}:refs/heads/${branch}`];
    });
    return { branch, commit };
  }

  /** Returns the full hash that was fetched. Throws as `push` does. */
  async fetch({ folder, branch, into, ...request }: FetchRequest): Promise<string> {
    const { remoteUrl, token, signal } = request;
    const git: Git = (args) => runGit(folder, args, { signal });
    await assertBranchName(git, branch);
    if (!INTO.test(into) || /\p{Cc}/u.test(into)) {
      throw new AppError('invalid_input', `${JSON.stringify(into)} is no ref that is fetched into.`, {
        hint: 'Give one below refs/remotes/ or refs/lightdom/.',
      });
    }
    const action = `Fetching ${branch} from ${shownAddress(remoteUrl)}`;
    const command = (url: string) => [
      'fetch',
      '--no-tags',
      '--no-progress',
      '--',
      url,
      `refs/heads/${branch}:${FETCHED}`,
    ];
    return this.#transfer({ action, folder, remoteUrl, token, signal }, command, async (between) => {
      // Within this machine, and without credentials: here the configuration of the repository may have its say.
      const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--quiet', '--', between, `+${FETCHED}:${into}`];
      await runGit(folder, args, { signal, timeoutMs: this.#timeoutMs, endsGroup: true });
      return (await git(['rev-parse', '--verify', into])).trim();
    });
  }

  async #transfer(transfer: Transfer, command: (url: string) => readonly string[]): Promise<void>;
  async #transfer<T>(
    transfer: Transfer,
    command: (url: string) => readonly string[],
    after: (between: string) => Promise<T>,
  ): Promise<T>;
  async #transfer(
    { action, folder, remoteUrl, token, signal }: Transfer,
    command: (url: string) => readonly string[],
    after: (between: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<unknown> {
    const address = transferAddress(remoteUrl, token);
    return withScratchFolder(async (scratch) => {
      await prepareBetween(scratch, { folder, signal });
      // Named, not found: git can be told to use no bare repository that it merely comes upon.
      const env = { ...environmentOf(address), GIT_DIR: scratch };
      const options = { env, signal, timeoutMs: this.#timeoutMs, endsGroup: true };
      try {
        await runGit(scratch, command(address.url), options);
      } catch (error) {
        throw error instanceof AppError ? transferFailure(error, { action, secrets: address.secrets }) : error;
      }
      return after(scratch);
    });
  }
}

function leaseArguments(branch: string, lease: string | undefined): readonly string[] {
  if (lease === undefined) return [];
  if (!branch.startsWith(AGENT_PREFIX)) {
    throw new AppError('permission_denied', `Branch ${branch} is not overwritten: it is not below ${AGENT_PREFIX}.`, {
      hint: 'Push without a lease: the branch then only moves forward.',
    });
  }
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/.test(lease)) {
    throw new AppError('invalid_input', `${JSON.stringify(lease)} is no full hash of a commit.`);
  }
  return [`--force-with-lease=refs/heads/${branch}:${lease}`];
}

/** A bare repository of no refs, which has the objects of another one, and knows where its history is cut. */
async function prepareBetween(
  scratch: string,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const git: Git = (args) => runGit(folder, args, { signal });
  const { objectsDir, commonDir } = await placesOf(git);
  const format = (await git(['rev-parse', '--show-object-format'])).trim();
  await runGit(scratch, ['init', '--bare', '--quiet', '--template=', `--object-format=${format}`], { signal });
  await mkdir(join(scratch, 'objects', 'info'), { recursive: true });
  await writeFile(join(scratch, 'objects', 'info', 'alternates'), `${quotedPath(objectsDir)}\n`);
  const shallow = join(commonDir, 'shallow');
  if (existsSync(shallow)) await copyFile(shallow, join(scratch, 'shallow'));
}

/** A private repository has no working tree. */
async function placesOf(git: Git): Promise<{ readonly objectsDir: string; readonly commonDir: string }> {
  const isBare = (await git(['rev-parse', '--is-bare-repository'])).trim() === 'true';
  if (!isBare) return readPlaces(git);
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await git(['rev-parse', '--path-format=absolute', ...args])).replace(/\r?\n$/, '');
  return { objectsDir: await ask('--git-path', 'objects'), commonDir: await ask('--git-common-dir') };
}

/** An empty value ends a list that other configuration began. Source: git-config(1), `http.extraHeader`, `credential.helper`. */
function environmentOf({ url, authorization }: TransferAddress): Readonly<Record<string, string>> {
  const pairs: readonly (readonly [string, string])[] = [
    ['credential.helper', ''],
    ['protocol.ext.allow', 'never'],
    ...(authorization === undefined
      ? []
      : ([
          [`http.${url}.extraHeader`, ''],
          [`http.${url}.extraHeader`, `Authorization: ${authorization}`],
          // The header would go along to wherever the first answer leads.
          [`http.${url}.followRedirects`, 'false'],
        ] as const)),
  ];
  return {
    GIT_CONFIG_COUNT: String(pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
  };
}
