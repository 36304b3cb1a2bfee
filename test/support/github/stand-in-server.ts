import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { obey, orderSchema } from './control-routes.ts';
import { PULL_ROUTES } from './pull-routes.ts';
import { REPOSITORY_ROUTES } from './repository-routes.ts';
import type { StandInRoute } from './repository-routes.ts';
import { canPush } from './account-shapes.ts';
import { serveGit } from './stand-in-git.ts';
import { refuse, Refused } from './stand-in-reply.ts';
import type { Call, Reply } from './stand-in-reply.ts';
import { keyOf } from './stand-in-state.ts';
import type { Fault, Hub } from './stand-in-state.ts';
import { TICKET_ROUTES } from './ticket-routes.ts';

/** `/git/owner/name.git/…`, or without the first part, as remotes of GitHub look. */
const GIT_PATH = /^(?:\/git)?(\/([\w.-]+)\/([\w.-]+)\.git\/.+)$/;
const ROUTES = [...REPOSITORY_ROUTES, ...TICKET_ROUTES, ...PULL_ROUTES].map((route) => ({
  route,
  pattern: patternOf(route.path),
}));

export interface ServerPlace {
  /** Before the paths of the API: `/api/v3` as at GitHub Enterprise. */
  readonly basePath: string;
}

/** GitHub as far as a client sees it: git over HTTP on real repositories, and a REST API whose truth comes from them. */
export function createStandIn(hub: Hub, { basePath }: ServerPlace): Server {
  return createServer((request, response) => {
    void serve({ hub, basePath, request, response }).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
}

interface Exchange {
  readonly hub: Hub;
  readonly basePath: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(exchange: Exchange): Promise<void> {
  const { hub, request, response } = exchange;
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
  if (url.pathname === '/_control/requests') return send(response, { status: 200, data: hub.seen });
  if (url.pathname === '/_control') {
    obey(hub, orderSchema.parse(JSON.parse(await textOf(request))));
    return send(response, { status: 204 });
  }
  const gitPath = GIT_PATH.exec(url.pathname);
  if (gitPath !== null) return serveRepository(exchange, url, gitPath);
  await serveApi(exchange, url);
}

async function serveApi({ hub, basePath, request, response }: Exchange, url: URL): Promise<void> {
  const body = await textOf(request);
  const fault = takeFault(hub, request.method ?? 'GET', url.pathname);
  const { authorization, ...headers } = request.headers;
  const note = (status: number): void => {
    hub.seen.push({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.search,
      headers: JSON.stringify(headers),
      hasAuthorization: authorization !== undefined,
      body,
      status,
    });
  };
  if (fault?.kind === 'hang') return note(0);
  if (fault?.kind === 'reset') {
    note(0);
    request.socket.destroy();
    return;
  }
  const reply =
    fault?.kind === 'answer'
      ? { status: fault.status, data: fault.body, headers: fault.headers }
      : answerOf({ hub, basePath, url, method: request.method ?? 'GET', authorization, body });
  note(reply.status);
  if (fault?.kind === 'lost') request.socket.destroy();
  else send(response, reply);
}

function takeFault(hub: Hub, method: string, path: string): Fault | undefined {
  const index = hub.faults.findIndex((fault) => (fault.method ?? method) === method && path.includes(fault.path ?? ''));
  const fault = hub.faults[index];
  if (fault === undefined) return undefined;
  fault.times -= 1;
  if (fault.times === 0) hub.faults.splice(index, 1);
  return fault;
}

interface Asked {
  readonly hub: Hub;
  readonly basePath: string;
  readonly url: URL;
  readonly method: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

function answerOf(asked: Asked): Reply {
  try {
    const user = asked.hub.accounts.get(/^(?:Bearer|token) (.+)$/i.exec(asked.authorization ?? '')?.[1] ?? '');
    if (user === undefined) throw refuse(401, 'Bad credentials');
    return routed(asked, user);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    return { status: 500, data: { message: String(error) } };
  }
}

function routed({ hub, basePath, url, method, body }: Asked, user: string): Reply {
  if (!url.pathname.startsWith(`${basePath}/`)) throw refuse(404, 'Not Found');
  const path = url.pathname.slice(basePath.length);
  for (const { route, pattern } of ROUTES) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const call: Call = {
      hub,
      params,
      query: url.searchParams,
      body: body === '' ? undefined : JSON.parse(body),
      user,
      apiUrl: `${url.origin}${basePath}`,
      webUrl: url.origin,
      url: `${url.origin}${url.pathname}`,
    };
    return route.answer(call);
  }
  throw refuse(404, 'Not Found');
}

/** `{name}` is one part of the path, `{name+}` may be several. */
function patternOf(path: StandInRoute['path']): RegExp {
  const source = path.replace(/\{(\w+)\+\}/g, '(?<$1>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

/** Git sends its token as the password of any user, and first without one. */
async function serveRepository({ hub, request, response }: Exchange, url: URL, match: RegExpExecArray): Promise<void> {
  const [, path = '', owner = '', name = ''] = match;
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const user = hub.accounts.get(
    Buffer.from(basic, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, ''),
  );
  const repository = hub.repositories.get(keyOf(owner, name));
  if (user === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end('Bad credentials\n');
  } else if (repository === undefined) {
    response.writeHead(404).end('Repository not found.\n');
  } else if (isPush(url) && !canPush(repository, user)) {
    response.writeHead(403).end(`Permission to ${owner}/${name}.git denied to ${user}.\n`);
  } else {
    await serveGit(request, response, { root: hub.root, path, query: url.search.slice(1), user });
  }
}

function isPush(url: URL): boolean {
  return url.pathname.endsWith('/git-receive-pack') || url.searchParams.get('service') === 'git-receive-pack';
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, data, headers = {} }: Reply): void {
  const all = { 'content-type': 'application/json; charset=utf-8', 'x-github-request-id': 'STAND:IN', ...headers };
  response.writeHead(status, all).end(data === undefined ? '' : JSON.stringify(data));
}
