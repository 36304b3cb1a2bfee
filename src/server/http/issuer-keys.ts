import { createRemoteJWKSet, customFetch } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { fetchJson } from '../../core/bounded-fetch.ts';
import { AppError, messageOf } from '../../core/errors.ts';

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Without it the issuer's metadata say where its keys are, which then must be on the issuer's own host. */
  readonly jwksUrl?: string | undefined;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** Documents of a few kilobytes; what is larger is the wrong document. */
const BOUNDS = { maxBytes: 256 * 1024, timeoutMs: 5_000 };
/** Anybody can send tokens: an issuer that does not answer is not asked again for each of them. */
const RETRY_AFTER_MS = 5_000;
const CACHE_MS = 10 * 60_000;

const keysSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });
const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * The keys with which an issuer signs its tokens: fetched when first needed, kept for minutes, and fetched again, at most
 * every half minute, when a token names an unknown one. Throws `upstream_failed` when they can't be had.
 */
export function issuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { issuer, jwksUrl, now = () => performance.now() } = options;
  const attempt = notTooOften(now);
  const open = async (): Promise<JWTVerifyGetKey> => {
    const url = jwksUrl === undefined ? await discoverKeys(issuer) : new URL(jwksUrl);
    return createRemoteJWKSet(url, {
      cacheMaxAge: CACHE_MS,
      [customFetch]: () => attempt(async () => Response.json(await fetchJson(url, keysSchema, BOUNDS))),
    });
  };
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    keys ??= attempt(open).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return (await keys)(header, token);
  };
}

/** Repeats the last failure until its time is over. */
function notTooOften(now: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  return async (work) => {
    if (failure !== undefined && now() < failure.until) throw failure.error;
    try {
      const result = await work();
      failure = undefined;
      return result;
    } catch (error) {
      failure = { error, until: now() + RETRY_AFTER_MS };
      throw error;
    }
  };
}

/** RFC 8414, then OpenID Connect Discovery, in the order of the MCP specification. */
async function discoverKeys(issuer: string): Promise<URL> {
  const reasons: string[] = [];
  for (const url of metadataUrls(issuer)) {
    try {
      return keysUrlOf(await fetchJson(url, metadataSchema, BOUNDS), issuer);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new AppError('upstream_failed', `The issuer ${issuer} does not say where its keys are: ${reasons.join(' ')}`, {
    hint: 'Check http.oauth.issuer, or name the keys in http.oauth.jwksUrl.',
  });
}

function metadataUrls(issuer: string): readonly URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const texts = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(texts)].map((text) => new URL(text));
}

/** Metadata of another issuer would have its tokens taken for ours; keys elsewhere have to be configured by name. */
function keysUrlOf(metadata: z.output<typeof metadataSchema>, issuer: string): URL {
  if (metadata.issuer !== issuer) throw new Error(`they are of ${metadata.issuer}`);
  const url = new URL(metadata.jwks_uri);
  if (url.origin !== new URL(issuer).origin) throw new Error(`its keys are elsewhere, at ${url.origin}`);
  return url;
}
