import { z } from 'zod';
import { createSilentLog } from '../../src/core/log.ts';
import { RequestAnswerStore } from '../../src/server/http/rest/request-answer-store.ts';
import type { RestSystem } from '../../src/server/http/rest/rest-operation.ts';
import type { HttpServer, HttpServerOptions } from '../../src/server/http/http-server.ts';
import type { Catalog } from '../../src/surface/index.ts';
import { rawRequest } from './raw-request.ts';
import { serveHttp, TOKEN } from './surface-client.ts';
import { createProductDatabase } from './test-database.ts';

const bodySchema = z.record(z.string(), z.unknown());

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RestQuestion {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** The REST surface over a catalog. */
export interface RestSurface {
  readonly server: HttpServer;
  /** How often the stop of the process was asked for. */
  readonly stops: () => number;
  get(path: string, question?: RestQuestion): Promise<RestAnswer>;
  post(path: string, question?: RestQuestion): Promise<RestAnswer>;
  ask(method: string, path: string, question?: RestQuestion): Promise<RestAnswer>;
  close(): Promise<void>;
}

export const STATUS = {
  status: 'running',
  uptime: 7,
  metrics: {
    systemUptime: 7,
    servicesRunning: 4,
    campaignsActive: 0,
    agentsRunning: 0,
    indexingProgress: 100,
    trainingProgress: 0,
  },
  orchestrators: { startup: { state: 'running', details: {} } },
} as const;

const CONFIG = [
  { key: 'http.port', value: 3001, origin: 'default', description: 'Port to listen on.' },
  { key: 'deepseek.apiKey', value: '••••', origin: 'environment', description: 'Key.' },
];

/** `answers`: of a database that outlives the surface. */
export async function serveRest(
  catalog: Catalog,
  options: Partial<HttpServerOptions> = {},
  answers?: RestSystem['answers'],
): Promise<RestSurface> {
  const own = answers === undefined ? await openAnswers() : undefined;
  const keeper = answers ?? own?.answers;
  if (keeper === undefined) throw new Error('There is nobody to keep answers.');
  let stops = 0;
  const system: RestSystem = {
    status: () => STATUS,
    config: () => CONFIG,
    stop: () => void (stops += 1),
    answers: keeper,
  };
  const server = await serveHttp({ catalog, log: createSilentLog() }, { rest: system, ...options });
  const ask = (method: string, path: string, question?: RestQuestion) =>
    askRest(`${server.url}${path}`, method, question);
  return {
    server,
    stops: () => stops,
    get: (path, question) => ask('GET', path, question),
    post: (path, question) => ask('POST', path, question),
    ask,
    async close() {
      await server.close();
      await own?.drop();
    },
  };
}

/** Keeps answers in a database of its own. */
async function openAnswers() {
  const database = await createProductDatabase();
  return { answers: new RequestAnswerStore(database.database), drop: () => database.drop() };
}

/** One request with the token of the tests, and JSON where there is a body. */
export async function askRest(url: string, method: string, question: RestQuestion = {}): Promise<RestAnswer> {
  const { headers = {}, body } = question;
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await rawRequest(url, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...type, ...headers },
    ...sent,
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson ? bodySchema.parse(JSON.parse(answer.body)) : { text: answer.body },
  };
}
