import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';

export interface TokenOptions {
  readonly subject?: string;
  readonly scope?: string;
  readonly claims?: JWTPayload;
  /** Seconds from now. */
  readonly expiresIn?: number;
  readonly notBefore?: number;
  readonly audience?: string;
  readonly issuer?: string;
  readonly keyId?: string;
  /** A key that is not published. */
  readonly key?: CryptoKey;
}

/** An authorization server as far as a resource server sees it: metadata, keys, and tokens. */
export interface IssuerServer {
  readonly issuer: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  token(options?: TokenOptions): Promise<string>;
  /** Answers this path otherwise from now on. */
  answer(path: string, how: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export const AUDIENCE = 'https://lightdom.example/mcp';
const KEY_ID = 'key-1';
const METADATA_PATH = '/.well-known/oauth-authorization-server';

export async function startIssuer(): Promise<IssuerServer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  const asked: string[] = [];
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${portOf(server.address())}`;
  answers.set('/keys', (_request, response) => sendJson(response, { keys: [jwk] }));
  answers.set(METADATA_PATH, (_request, response) => sendJson(response, { issuer, jwks_uri: `${issuer}/keys` }));
  return {
    issuer,
    asked,
    token: (options = {}) => sign(options, { issuer, privateKey }),
    answer: (path, how) => void answers.set(path, how),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sign(options: TokenOptions, own: { issuer: string; privateKey: CryptoKey }): Promise<string> {
  const { subject = 'ada', scope, claims = {}, expiresIn = 300, notBefore, keyId = KEY_ID } = options;
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ ...(scope === undefined ? {} : { scope }), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: keyId, typ: 'at+jwt' })
    .setIssuer(options.issuer ?? own.issuer)
    .setAudience(options.audience ?? AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + expiresIn);
  if (subject !== '') token.setSubject(subject);
  if (notBefore !== undefined) token.setNotBefore(now + notBefore);
  return token.sign(options.key ?? own.privateKey);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port.');
  return address.port;
}
