import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/server';
import type { FastifyReply } from 'fastify';
import type { Scope } from '../../core/access.ts';
import { AppError } from '../../core/errors.ts';
import type { OauthConfig } from './access-token.ts';
import { sendProblem } from './problem.ts';

interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'invalid_request';
  readonly scopes?: readonly Scope[];
}

/** A `WWW-Authenticate` value (RFC 6750), which tells OAuth clients where to begin (RFC 9728). */
export function challengeText(oauth: OauthConfig | undefined, { error, scopes = [] }: Challenge): string {
  const parts = ['realm="lightdom"'];
  if (error !== undefined) parts.push(`error="${error}"`);
  if (oauth === undefined) return `Bearer ${parts.join(', ')}`;
  if (scopes.length > 0) parts.push(`scope="${scopes.join(' ')}"`);
  parts.push(`resource_metadata="${getOAuthProtectedResourceMetadataUrl(new URL(oauth.audience))}"`);
  return `Bearer ${parts.join(', ')}`;
}

export interface ScopeLack {
  readonly missing: Scope;
  /** What the token grants already: a new one should not grant less. */
  readonly granted: readonly Scope[];
}

/** 403 with what a client has to ask its issuer for. */
export function sendStepUp(reply: FastifyReply, oauth: OauthConfig | undefined, lack: ScopeLack): FastifyReply {
  const { missing, granted } = lack;
  const challenge = challengeText(oauth, { error: 'insufficient_scope', scopes: [...granted, missing] });
  return sendProblem(reply.header('www-authenticate', challenge), scopeError(missing), 403);
}

function scopeError(missing: Scope): AppError {
  return new AppError('permission_denied', `This needs the scope ${missing}, which the token does not grant.`, {
    hint: `Ask for a token with ${missing}.`,
  });
}
