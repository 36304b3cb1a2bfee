import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { grantedScopes } from '../../core/access.ts';
import type { Scope } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { Identity } from '../mcp/call-identity.ts';
import { issuerKeys } from './issuer-keys.ts';

export interface OauthConfig {
  readonly issuer: string;
  /** The canonical URL of this server, which tokens must be made out to. */
  readonly audience: string;
  readonly jwksUrl?: string | undefined;
  /** What a token must grant for any request at all. */
  readonly requiredScopes: readonly Scope[];
}

export type TokenVerdict =
  | { readonly kind: 'valid'; readonly identity: Identity }
  | { readonly kind: 'invalid'; readonly why: string };

/** Signatures that only the issuer can make. Not `none`, and no shared secrets. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');
/** Clocks of two machines differ. */
const TOLERANCE_S = 30;

const subjectSchema = z.string().regex(/^[\x20-\x7e]{1,255}$/);
/** RFC 8693 has `scope` as one text; some issuers give a list, or call it `scp`. */
const scopeSchema = z
  .union([z.string().transform((text) => text.split(' ')), z.array(z.string())])
  .optional()
  .catch(undefined);

/**
 * Checks access tokens (JWT, RFC 9068): signature, issuer, audience, expiry, not-before. Throws `upstream_failed` when the
 * issuer's keys can't be had: that says nothing about the token.
 */
export function createTokenVerifier(
  { issuer, audience, jwksUrl }: OauthConfig,
  now?: () => number,
): (token: string) => Promise<TokenVerdict> {
  const keys = issuerKeys({ issuer, jwksUrl, ...(now === undefined ? {} : { now }) });
  return async (token) => {
    try {
      // Nobody is asked for keys on behalf of tokens that are not even meant to be the issuer's.
      if (decodeJwt(token).iss !== issuer) return { kind: 'invalid', why: 'It is of another issuer.' };
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_S,
        requiredClaims: ['exp', 'sub'],
      });
      return verdictOn(payload, issuer);
    } catch (error) {
      if (error instanceof AppError) throw error;
      return { kind: 'invalid', why: reasonOf(error) };
    }
  };
}

function verdictOn(payload: JWTPayload, issuer: string): TokenVerdict {
  const subject = subjectSchema.safeParse(payload.sub);
  if (!subject.success) return { kind: 'invalid', why: 'Its subject is no name.' };
  const given = scopeSchema.parse(payload['scope']) ?? scopeSchema.parse(payload['scp']) ?? [];
  return { kind: 'valid', identity: { principal: `${issuer}|${subject.data}`, scopes: grantedScopes(given) } };
}

/** Enough for whoever sets up a client, and nothing of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'It has expired.';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
    return 'It is meant for another server.';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') return 'It is not valid yet.';
  return 'It is not valid here.';
}
