import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/core/config/index.ts';
import type { MasterSystemOrchestrator } from '../../src/index.ts';
import { freePort, openMasterPlace } from '../support/own-master.ts';
import type { MasterPlace } from '../support/own-master.ts';
import { askRest } from '../support/rest-surface.ts';
import type { RestAnswer } from '../support/rest-surface.ts';

const NOT_BUILT = [
  {
    ask: 'POST /api/master/workflow',
    subsystem: 'navigation',
    body: { goal: 'improve_codebase_quality', context: { issues: 50 } },
  },
  {
    ask: 'POST /api/master/campaign',
    subsystem: 'campaigns',
    body: { name: 'Q4 Component Discovery', type: 'storybook_discovery' },
  },
  { ask: 'GET /api/master/campaigns', subsystem: 'campaigns', body: undefined },
  { ask: 'POST /api/master/training', subsystem: 'training', body: { simulations: 1000000 } },
];

/** The curls and the eight routes of the guide, by the name that it uses, `localhost`. */
describe('HTTP of the guide', () => {
  let place: MasterPlace;
  let master: MasterSystemOrchestrator;
  let url = '';

  const ask = (method: string, path: string, body?: unknown): Promise<RestAnswer> => {
    const headers = { authorization: `Bearer ${place.token()}` };
    return askRest(`${url}${path}`, method, body === undefined ? { headers } : { headers, body });
  };

  beforeAll(async () => {
    place = await openMasterPlace();
    const port = await freePort();
    url = `http://localhost:${port}`;
    master = place.create({ http: { port } });
    await master.start();
  });

  afterAll(() => place.close());

  it('is on port 3001 unless another is given', () => {
    expect(loadConfig({ env: {} }).config.http.port).toBe(3001);
    expect(loadConfig({ env: { LIGHTDOM_HTTP_PORT: '3005' } }).config.http.port).toBe(3005);
  });

  it('curl …/api/master/status: without the token of the data folder it is told where that is', async () => {
    const answer = await fetch(`${url}/api/master/status`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await answer.text()).toContain('the file `token` in the data folder');
  });

  it('GET /api/master/status is what getStatus() returns', async () => {
    const { status, body } = await ask('GET', '/api/master/status');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'running', orchestrators: master.getStatus().orchestrators });
    expect(Object.keys(body)).toEqual(Object.keys(master.getStatus()));
  });

  it('GET /api/master/metrics is the metrics of the status', async () => {
    const { status, body } = await ask('GET', '/api/master/metrics');
    expect(status).toBe(200);
    const { systemUptime, ...counters } = body;
    expect(systemUptime).toBeTypeOf('number');
    const { systemUptime: own, ...expected } = master.getStatus().metrics;
    expect(own).toBeTypeOf('number');
    expect(counters).toEqual(expected);
  });

  it('POST /api/master/start of a running system is its status', async () => {
    const { status, body } = await ask('POST', '/api/master/start');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'running' });
  });

  it.each(NOT_BUILT)(
    '$ask answers 501 and names $subsystem, which is not built: on the day that it registers, this fails',
    async ({ ask: line, subsystem, body }) => {
      const [method = '', path = ''] = line.split(' ');
      const answer = await ask(method, path, body);
      expect(answer.status).toBe(501);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ code: 'unsupported', subsystem });
      expect(master.getStatus().orchestrators[subsystem]?.state).toBe('unavailable');
    },
  );

  it('the database takes what troubleshooting sends it, beside a running master', async () => {
    const { database } = place.database;
    await expect(database.execute('SELECT 1')).resolves.toBeDefined();
    await expect(database.execute('VACUUM ANALYZE')).resolves.toBeDefined();
  });

  it('POST /api/master/stop stops the system once it has answered', async () => {
    const { status, body } = await ask('POST', '/api/master/stop');
    expect(status).toBe(202);
    expect(body).toEqual({ status: 'stopping' });
    await expect.poll(() => master.getStatus().status, { timeout: 20_000 }).toBe('stopped');
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
  });
});
