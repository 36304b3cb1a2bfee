import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AppError, messageOf } from '../../../src/core/errors.ts';
import { githubSchema } from '../../../src/core/config/github-schema.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { GithubService } from '../../../src/github/github-runtime.ts';
import { failureOf } from '../../support/failure-of.ts';
import { openGithubDesk, QUICK } from '../../support/github-desk.ts';
import type { GithubDesk } from '../../support/github-desk.ts';
import type { SeenRequest } from '../../support/github-stand-in.ts';

const PLAIN = { owner: 'acme', name: 'plain' };
let desk: GithubDesk;
let seenBefore = 0;

beforeAll(async () => {
  desk = await openGithubDesk();
  await desk.repository('plain');
});
afterAll(() => desk.stop());
afterEach(async () => {
  seenBefore = (await desk.hub.requests()).length;
});

async function seen(): Promise<readonly SeenRequest[]> {
  return (await desk.hub.requests()).slice(seenBefore);
}

const issue = { repository: PLAIN, title: 'Broken', body: 'Look.', labels: [] };

describe('an answer of GitHub that is no success', () => {
  test('says that the token is not taken, and how to store another', async () => {
    const service = desk.service({ token: 'ghp_wrong' });
    const failure = await failureOf(service.getRepository(PLAIN));
    expect(failure).toMatchObject({
      code: 'permission_denied',
      message: 'GitHub does not take the token of `github.token`: Bad credentials.',
      hint: 'Store one that is valid: `lightdom secret set github.token`, or set GITHUB_TOKEN.',
      details: { status: 401 },
    });
  });

  test('says which permission is missing, in the words of GitHub', async () => {
    const headers = { 'x-accepted-github-permissions': 'contents=write; pull_requests=write' };
    const body = { message: 'Resource not accessible by personal access token' };
    await desk.hub.control({ order: 'fail', status: 403, headers, body });
    expect(await failureOf(desk.service().getRepository(PLAIN))).toMatchObject({
      code: 'permission_denied',
      message: 'GitHub denied GET /repos/acme/plain: Resource not accessible by personal access token.',
      hint: "The token of `github.token` needs: contents=write; pull_requests=write. Where it can't have that, set `github.fork`.",
    });
  });

  test('says that what is not found may be private', async () => {
    expect(await failureOf(desk.service().getRepository({ owner: 'acme', name: 'absent' }))).toMatchObject({
      code: 'not_found',
      message: 'GitHub knows nothing at /repos/acme/absent: Not Found.',
      hint: 'Check the names; it may also be private, and the token of `github.token` does not see it.',
    });
  });

  test.each([
    [409, 'conflict'],
    [410, 'unsupported'],
    [422, 'invalid_input'],
    [418, 'upstream_failed'],
  ] as const)('is %i told as %s, and not asked again', async (status, code) => {
    await desk.hub.control({ order: 'fail', status, body: { message: 'So it is.' } });
    const failure = await failureOf(desk.service().getRepository(PLAIN));
    expect(failure).toMatchObject({ code, details: { status } });
    expect(messageOf(failure)).toContain('So it is.');
    expect(await seen()).toHaveLength(1);
  });

  test('shows the words of GitHub without control characters, secrets or floods', async () => {
    const message = `no\u001b[31m \u202Eway ghp_${'a'.repeat(36)} ${'long '.repeat(500)}`;
    await desk.hub.control({ order: 'fail', status: 422, body: { message, errors: ['too', { field: 'much' }] } });
    const text = messageOf(await failureOf(desk.service().getRepository(PLAIN)));
    expect(text).toMatch(/^GitHub refused GET \/repos\/acme\/plain: no\[31m way \[Redacted\] long /);
    expect(text.length).toBeLessThan(600);
  });

  test('is told apart from an answer of another program', async () => {
    await desk.hub.control({ order: 'fail', status: 200, body: { hello: 'world' } });
    expect(await failureOf(desk.service().getRepository(PLAIN))).toMatchObject({
      code: 'upstream_failed',
      hint: 'Check `github.apiUrl`: is that the base URL of a GitHub API?',
    });
  });
});

describe('a rate limit', () => {
  const secondary = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' };

  test('is waited for as long as GitHub says, also by what changes something', async () => {
    const limited = {
      order: 'fail',
      method: 'POST',
      status: 403,
      headers: { 'retry-after': '1' },
      body: secondary,
    } as const;
    await desk.hub.control({ ...limited, path: '/issues' });
    const started = Date.now();
    const created = await desk.service().createIssue({ ...issue, key: 'limit-1' });
    expect(created.outcome).toBe('created');
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    expect((await seen()).filter(({ method }) => method === 'POST').map(({ status }) => status)).toEqual([403, 201]);
  });

  test('that lasts too long is an error that says until when', async () => {
    await desk.hub.control({ order: 'fail', status: 429, headers: { 'retry-after': '3600' }, body: secondary });
    const before = Date.now();
    const failure = await failureOf(desk.service().getRepository(PLAIN));
    expect(failure).toMatchObject({ code: 'limit_reached', hint: 'Go on after that time.', details: { status: 429 } });
    const retryAt = Date.parse(String(failure instanceof AppError ? failure.details['retryAt'] : ''));
    expect(retryAt - before).toBeGreaterThanOrEqual(3_600_000);
    expect(retryAt - before).toBeLessThan(3_660_000);
    expect(await seen()).toHaveLength(1);
  });

  test('that comes again and again is given up', async () => {
    await desk.hub.control({ order: 'fail', times: 10, status: 403, headers: { 'retry-after': '0' }, body: secondary });
    expect(await failureOf(desk.service().getRepository(PLAIN))).toMatchObject({ code: 'limit_reached' });
    expect(await seen()).toHaveLength(4);
    // What is left of the ten.
    for (let rest = 0; rest < 6; rest += 1) await desk.hub.ask('/user');
  });

  test('of the hour is known by what remains, without a time to wait in seconds', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 900;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    await desk.hub.control({ order: 'fail', status: 403, headers, body: { message: 'API rate limit exceeded' } });
    expect(await failureOf(desk.service().getRepository(PLAIN))).toMatchObject({
      code: 'limit_reached',
      details: { retryAt: new Date(reset * 1000).toISOString() },
    });
  });
});

describe('a request that fails on the way', () => {
  test('is sent again when it only reads', async () => {
    await desk.hub.control({ order: 'fail', status: 502 });
    await desk.hub.control({ order: 'fail', kind: 'reset' });
    expect(await desk.service().getRepository(PLAIN)).toMatchObject({ defaultBranch: 'main', canPush: true });
    expect((await seen()).map(({ status }) => status)).toEqual([502, 0, 200]);
  });

  test('is not sent again when GitHub may have done it', async () => {
    await desk.hub.control({ order: 'fail', method: 'POST', status: 500 });
    expect(await failureOf(desk.service().createIssue({ ...issue, key: 'once' }))).toMatchObject({
      code: 'upstream_failed',
      message: 'GitHub answered POST /repos/acme/plain/issues with 500: Server Error.',
    });
    expect((await seen()).filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('ends after its time', async () => {
    const own = githubSchema.parse({ apiUrl: desk.hub.apiUrl, token: desk.hub.token });
    const timing = { ...QUICK, timeoutMs: 60 };
    const service = new GithubService({ settings: own, log: createSilentLog(), timing });
    await desk.hub.control({ order: 'fail', kind: 'hang', times: 4 });
    expect(await failureOf(service.getRepository(PLAIN))).toMatchObject({
      code: 'timed_out',
      message: 'GitHub gave no answer within 60 ms.',
    });
  });

  test('ends when it is cancelled, also while it waits', async () => {
    await desk.hub.control({
      order: 'fail',
      status: 403,
      headers: { 'retry-after': '2' },
      body: { message: 'rate limit' },
    });
    const controller = new AbortController();
    const asked = failureOf(desk.service().getRepository(PLAIN, controller.signal));
    while ((await seen()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    expect(await asked).toMatchObject({ code: 'cancelled', message: 'A request to GitHub was cancelled: enough.' });
  });

  test('says where it went when nobody is there', async () => {
    const service = desk.service({ apiUrl: 'http://127.0.0.1:9' });
    expect(await failureOf(service.getRepository(PLAIN))).toMatchObject({
      code: 'upstream_failed',
      hint: 'Check the network and `github.apiUrl`.',
    });
  });
});

describe('a redirect', () => {
  test('to the new name of a repository is followed', async () => {
    await desk.repository('new-name');
    await desk.hub.control({ order: 'rename', owner: 'acme', name: 'new-name', former: 'old-name' });
    expect(await desk.service().getRepository({ owner: 'acme', name: 'old-name' })).toMatchObject({ name: 'new-name' });
  });

  test('to another host is refused, and that host gets nothing', async () => {
    const asked: string[] = [];
    const elsewhere = await listen((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    const headers = { location: `${elsewhere.origin}/repos/acme/plain` };
    await desk.hub.control({ order: 'fail', status: 302, headers, body: {} });
    expect(await failureOf(desk.service().getRepository(PLAIN))).toMatchObject({
      code: 'permission_denied',
      message: `The GitHub API at ${desk.hub.apiUrl} led to another host, ${elsewhere.origin}; the token is not sent there.`,
    });
    const link = `<${elsewhere.origin}/page2>; rel="next"`;
    await desk.hub.control({ order: 'fail', status: 200, headers: { link }, body: [] });
    expect(await failureOf(desk.service().listOwnOpen({ repository: PLAIN }))).toMatchObject({
      code: 'permission_denied',
    });
    expect(asked).toEqual([]);
    await elsewhere.close();
  });

  test('in a circle ends', async () => {
    const headers = { location: '/repos/acme/plain' };
    await desk.hub.control({ order: 'fail', times: 100, path: '/acme/plain', status: 301, headers, body: {} });
    expect(messageOf(await failureOf(desk.service().getRepository(PLAIN)))).toContain('redirected again and again');
    const left = 100 - (await seen()).length;
    for (let rest = 0; rest < left; rest += 1) {
      await fetch(`${desk.hub.apiUrl}/repos/acme/plain`, { redirect: 'manual' });
    }
  });
});

describe('an answer', () => {
  test('of too many bytes is not kept', async () => {
    let asked = 0;
    const large = await listen((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`"${'x'.repeat(17 * 1024 * 1024)}"`);
    });
    const service = desk.service({ apiUrl: large.origin });
    expect(await failureOf(service.getRepository(PLAIN))).toMatchObject({
      code: 'limit_reached',
      message: 'GitHub answered with more than 16777216 bytes.',
    });
    expect(asked).toBe(1);
    await large.close();
  });
});

describe('without a token', () => {
  test('nothing is asked, and the key is named', async () => {
    const service = desk.service({ token: undefined });
    expect(service.isConfigured).toBe(false);
    expect(await failureOf(service.getRepository(PLAIN))).toMatchObject({
      code: 'not_configured',
      message: 'There is no token for GitHub: `github.token` is not set.',
    });
    expect(await seen()).toEqual([]);
  });
});

async function listen(answer: RequestListener): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
