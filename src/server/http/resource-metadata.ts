import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import { SCOPES } from '../../core/access.ts';
import type { OauthConfig } from './access-token.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Says, to anybody, whose tokens are taken here (RFC 9728): at the root, under `/mcp`, and where the audience's path has it. */
export function resourceMetadataRoutes(app: FastifyInstance, { issuer, audience }: OauthConfig): void {
  const metadata = {
    resource: audience,
    authorization_servers: [issuer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: 'LightDom',
  };
  const derived = new URL(getOAuthProtectedResourceMetadataUrl(new URL(audience))).pathname.replace(/\/$/, '');
  for (const url of new Set([WELL_KNOWN, `${WELL_KNOWN}/mcp`, derived])) {
    app.get(url, { config: { isPublic: true } }, () => metadata);
  }
}
