import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

const IDENTITY = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.example'];

/** Runs git in a bare repository. Throws when it fails. */
export function git(gitDir: string, ...args: readonly string[]): string {
  const all = [...IDENTITY, '--git-dir', gitDir, ...args];
  return execFileSync('git', all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Makes or moves many refs at once. */
export function writeRefs(gitDir: string, refs: ReadonlyMap<string, string>): void {
  const input = [...refs].map(([name, sha]) => `update ${name} ${sha}\n`).join('');
  execFileSync('git', ['--git-dir', gitDir, 'update-ref', '--stdin'], { input, stdio: ['pipe', 'pipe', 'pipe'] });
}

export function findCommit(gitDir: string, revision: string): string | undefined {
  const args = ['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** All refs of a repository and their commits, in one go. */
export function readRefs(gitDir: string): ReadonlyMap<string, string> {
  const lines = git(gitDir, 'for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

/** The tree that a merge would have; undefined where it would conflict. */
export function mergedTree(gitDir: string, base: string, head: string): string | undefined {
  const args = ['--git-dir', gitDir, 'merge-tree', '--write-tree', base, head];
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '') : undefined;
}

/** A real bare clone that takes pushes over HTTP. */
export function cloneBare(from: string, gitDir: string): void {
  mkdirSync(dirname(gitDir), { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--bare', from, gitDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  git(gitDir, 'config', 'http.receivepack', 'true');
}

/** Hands a request to `git http-backend`, which speaks CGI (RFC 3875), and its answer back. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  place: { readonly root: string; readonly path: string; readonly query: string; readonly user: string },
): Promise<void> {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: place.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: place.path,
      QUERY_STRING: place.query,
      REQUEST_METHOD: request.method ?? 'GET',
      REMOTE_USER: place.user,
      REMOTE_ADDR: '127.0.0.1',
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      HTTP_GIT_PROTOCOL: header('git-protocol'),
      ...(request.headers['content-length'] !== undefined && { CONTENT_LENGTH: header('content-length') }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('close', () => {
      sendCgi(response, Buffer.concat(chunks));
      resolve();
    });
  });
}

function sendCgi(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  let status = end < 0 ? 500 : 200;
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  response.writeHead(status).end(output.subarray(end + 4));
}
