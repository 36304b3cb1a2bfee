import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { z } from 'zod';
import type { OrderInput } from './github/control-routes.ts';

export interface GithubStandInOptions {
  /** Before the paths of the API; `/api/v3` is that of GitHub Enterprise. */
  readonly basePath?: string;
  readonly token?: string;
  /** Account of that token. */
  readonly login?: string;
  /** Further tokens and whose they are. */
  readonly accounts?: Readonly<Record<string, string>>;
}

const seenSchema = z.array(
  z.object({
    method: z.string(),
    path: z.string(),
    query: z.string(),
    headers: z.string(),
    hasAuthorization: z.boolean(),
    body: z.string(),
    status: z.number(),
  }),
);
export type SeenRequest = z.infer<typeof seenSchema>[number];

/** GitHub on this machine, in a process of its own: a git that this process waits for would otherwise wait for this process. */
export interface GithubStandIn {
  readonly apiUrl: string;
  /** Remotes are `<gitUrl>/<owner>/<name>.git`. */
  readonly gitUrl: string;
  readonly token: string;
  readonly login: string;
  /** Folder of the bare repositories, `<owner>/<name>.git`. */
  readonly root: string;
  /** A bare clone of the folder, by which it is found as `owner/name`; its remote. */
  createRepository(name: string, fromFolder: string): Promise<string>;
  /** Does what people, administrators and bad luck do. */
  control(order: OrderInput): Promise<void>;
  /** Asks the API itself, as the account of the token or another. */
  ask(
    path: string,
    options?: { readonly token?: string; readonly method?: string; readonly body?: unknown },
  ): Promise<unknown>;
  /** All requests of the API so far, in order. */
  requests(): Promise<readonly SeenRequest[]>;
  stop(): Promise<void>;
}

const TOKEN = 'ghp_standInStandInStandInStandInStandIn1';
const MAIN = fileURLToPath(new URL('./github/stand-in-main.ts', import.meta.url));

export async function startGithub(options: GithubStandInOptions = {}): Promise<GithubStandIn> {
  const { basePath = '', token = TOKEN, login = 'light-bot', accounts = {} } = options;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ld-github-')));
  const root = join(folder, 'repositories');
  const child = fork(
    await compiled(folder),
    [JSON.stringify({ root, basePath, accounts: { ...accounts, [token]: login } })],
    {
      execArgv: [],
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const origin = `http://127.0.0.1:${await portOf(child)}`;
  const apiUrl = `${origin}${basePath}`;
  const control: GithubStandIn['control'] = async (order) => {
    const answer = await fetch(`${origin}/_control`, { method: 'POST', body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`The stand-in refused ${JSON.stringify(order)}: ${await answer.text()}`);
  };
  return {
    apiUrl,
    gitUrl: origin,
    token,
    login,
    root,
    control,
    createRepository: async (fullName, from) => {
      const [owner = '', name = ''] = fullName.split('/');
      await control({ order: 'createRepository', owner, name, from });
      return `${origin}/${owner}/${name}.git`;
    },
    ask: async (path, { token: other = token, method = 'GET', body } = {}) => {
      const headers = { authorization: `Bearer ${other}` };
      const answer = await fetch(`${apiUrl}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const value: unknown = await answer.json();
      return value;
    },
    requests: async () => seenSchema.parse(await (await fetch(`${origin}/_control/requests`)).json()),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** This Node runs no TypeScript: the server is linked into one file first. */
async function compiled(folder: string): Promise<string> {
  const file = join(folder, 'stand-in.mjs');
  const bundle = await rolldown({ input: MAIN, platform: 'node', logLevel: 'silent' });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return file;
}

async function portOf(child: ChildProcess): Promise<number> {
  const message = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('The stand-in ended before it listened.')));
  });
  return z.object({ port: z.number() }).parse(message).port;
}
