import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { AUDIENCE, sendJson, startIssuer } from '../../support/issuer-server.ts';
import type { IssuerServer, TokenOptions } from '../../support/issuer-server.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const METADATA_URL = 'https://lightdom.example/.well-known/oauth-protected-resource/mcp';
const READ = 'lightdom:read';
const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

let issuer: IssuerServer;
let server: HttpServer;

beforeEach(async () => {
  issuer = await startIssuer();
  server = await serve();
});
afterEach(async () => {
  await server.close();
  await issuer.close();
});

function serve(oauth: { jwksUrl?: string; issuer?: string } = {}): Promise<HttpServer> {
  const surface = { catalog: createTestCatalog().catalog, log: createSilentLog() };
  const config = {
    host: '127.0.0.1',
    port: 0,
    oauth: { issuer: issuer.issuer, audience: AUDIENCE, requiredScopes: [READ] as const, ...oauth },
  };
  return serveHttp(surface, { config });
}

function initialize(authorization: string, path = '/mcp') {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
  return rawRequest(`${server.url}${path}`, { method: 'POST', headers: { ...JSON_BODY, authorization }, body });
}

async function withToken(options: TokenOptions) {
  return initialize(`Bearer ${await issuer.token({ scope: READ, ...options })}`);
}

describe('resource server: signature, issuer, audience, expiry and scopes are verified on every request', () => {
  test('a token of the issuer for this server is let in, with its scopes as text or as list', async () => {
    expect((await withToken({})).status).toBe(200);
    expect((await withToken({ scope: '', claims: { scope: [READ] } })).status).toBe(200);
    expect((await initialize(`Bearer ${await issuer.token({ claims: { scp: [READ] } })}`)).status).toBe(200);
  });

  test.each<[string, TokenOptions, string]>([
    ['has expired', { expiresIn: -60 }, 'It has expired.'],
    ['is not valid yet', { notBefore: 120 }, 'It is not valid yet.'],
    ['is meant for another server', { audience: 'https://other.example/mcp' }, 'It is meant for another server.'],
    ['is meant for the origin only', { audience: 'https://lightdom.example' }, 'It is meant for another server.'],
    ['is of another issuer', { issuer: 'https://evil.example' }, 'It is of another issuer.'],
    ['names no subject', { subject: '' }, 'It is not valid here.'],
    ['names a subject that no log should hold', { subject: 'a\u0000\u202Eb' }, 'Its subject is no name.'],
    ['names a key that nobody published', { keyId: 'key-2' }, 'It is not valid here.'],
  ])('a token that %s is refused', async (_how, options, why) => {
    const answer = await withToken(options);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="lightdom", error="invalid_token", scope="${READ}", resource_metadata="${METADATA_URL}"`,
    );
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'permission_denied',
      detail: `The bearer token is not valid here. ${why}`,
      hint: `Get a token for ${AUDIENCE} of ${issuer.issuer}.`,
    });
  });

  test('a token that the issuer has not signed is refused: another key, none, a shared secret, changed claims', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect((await withToken({ key: privateKey })).status).toBe(401);
    const claims = { iss: issuer.issuer, aud: AUDIENCE, sub: 'ada', scope: READ };
    const unsigned = new UnsecuredJWT(claims).setExpirationTime('5m').encode();
    const secret = new TextEncoder().encode('x'.repeat(32));
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m').sign(secret);
    const [header = '', , signature = ''] = (await issuer.token({ scope: READ })).split('.');
    const admin = Buffer.from(JSON.stringify({ ...claims, scope: 'lightdom:admin', exp: 9_999_999_999 }));
    const changed = `${header}.${admin.toString('base64url')}.${signature}`;
    for (const token of [unsigned, shared, changed, 'a.b.c', '..', 'x']) {
      expect({ token, status: (await initialize(`Bearer ${token}`)).status }).toEqual({ token, status: 401 });
    }
  });

  test('a token without the scope for any request gets the challenge to ask for it', async () => {
    const answer = await withToken({ scope: 'openid profile' });
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="lightdom", error="insufficient_scope", scope="${READ}", resource_metadata="${METADATA_URL}"`,
    );
  });

  test('the token of this machine is taken beside it', async () => {
    expect((await initialize(`Bearer ${TOKEN}`)).status).toBe(200);
    expect(issuer.asked).toEqual([]);
  });

  test('without a token the challenge says where clients begin, and the metadata there whose tokens are taken', async () => {
    const answer = await rawRequest(`${server.url}/mcp`);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="lightdom", scope="${READ}", resource_metadata="${METADATA_URL}"`,
    );
    for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
      const metadata = await rawRequest(`${server.url}${path}`);
      expect(metadata.status).toBe(200);
      expect(JSON.parse(metadata.body)).toEqual({
        resource: AUDIENCE,
        authorization_servers: [issuer.issuer],
        scopes_supported: [READ, 'lightdom:write', 'lightdom:run', 'lightdom:admin'],
        bearer_methods_supported: ['header'],
        resource_name: 'LightDom',
      });
    }
  });

  test('tokens in URLs are never accepted, and refused beside a good one', async () => {
    const token = await issuer.token({ scope: READ });
    expect((await rawRequest(`${server.url}/mcp?access_token=${token}`)).status).toBe(401);
    for (const name of ['access_token', 'access%5Ftoken']) {
      const answer = await initialize(`Bearer ${token}`, `/mcp?a=1&${name}=${token}`);
      expect(answer.status).toBe(400);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_request"');
      expect(answer.body).not.toContain(token);
    }
    expect((await rawRequest(`${server.url}/livez?access_token=${token}`)).status).toBe(400);
  });
});

describe('the keys of the issuer', () => {
  test('are fetched once, and not for tokens of others', async () => {
    await withToken({ issuer: 'https://evil.example' });
    expect(issuer.asked).toEqual([]);
    for (let count = 0; count < 3; count += 1) await withToken({});
    expect(issuer.asked).toEqual(['/.well-known/oauth-authorization-server', '/keys']);
  });

  test('are found by OpenID Connect metadata as well', async () => {
    issuer.answer('/.well-known/oauth-authorization-server', (_request, response) => response.writeHead(404).end());
    issuer.answer('/.well-known/openid-configuration', (_request, response) =>
      sendJson(response, { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` }),
    );
    expect((await withToken({})).status).toBe(200);
  });

  test('are asked of the configured address alone', async () => {
    await server.close();
    server = await serve({ jwksUrl: `${issuer.issuer}/keys` });
    expect((await withToken({})).status).toBe(200);
    expect(issuer.asked).toEqual(['/keys']);
  });

  test.each<[string, (own: IssuerServer, other: IssuerServer) => void]>([
    [
      'metadata lead to another host',
      (own, other) =>
        own.answer('/.well-known/oauth-authorization-server', (_request, response) =>
          sendJson(response, { issuer: own.issuer, jwks_uri: `${other.issuer}/keys` }),
        ),
    ],
    [
      'metadata are of another issuer',
      (own, other) =>
        own.answer('/.well-known/oauth-authorization-server', (_request, response) =>
          sendJson(response, { issuer: other.issuer, jwks_uri: `${own.issuer}/keys` }),
        ),
    ],
    [
      'the keys redirect to another host',
      (own, other) =>
        own.answer('/keys', (_request, response) =>
          response.writeHead(302, { location: `${other.issuer}/keys` }).end(),
        ),
    ],
    [
      'the keys are too large',
      (own) => own.answer('/keys', (_request, response) => sendJson(response, { keys: [], x: 'x'.repeat(300_000) })),
    ],
    ['the keys are no JSON', (own) => own.answer('/keys', (_request, response) => response.end('<html>'))],
    ['the issuer is out', (own) => own.answer('/keys', (_request, response) => response.writeHead(500).end())],
  ])('are not taken when %s: the token is not judged, and the issuer not asked again at once', async (_how, spoil) => {
    const other = await startIssuer();
    spoil(issuer, other);
    for (let count = 0; count < 3; count += 1) {
      const answer = await withToken({});
      expect(answer.status).toBe(502);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'upstream_failed', retryable: true });
    }
    expect(issuer.asked.filter((path) => path === '/keys').length).toBeLessThanOrEqual(1);
    expect(other.asked).toEqual([]);
    await other.close();
  });
});
