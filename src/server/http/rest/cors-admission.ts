import type { FastifyReply, FastifyRequest } from 'fastify';
import { POLICY_HEADERS } from '../../dispatch/tool-policy.ts';

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  ...Object.values(POLICY_HEADERS),
];
const EXPOSED_HEADERS = ['Idempotency-Replayed', 'Retry-After', 'WWW-Authenticate'];
/** Browsers ask again after it; the origins change with a restart alone. */
const PREFLIGHT_TTL_S = 600;

/** `answered`: it was a question in advance, and has its answer. */
export type CorsVerdict = 'none' | 'admitted' | 'answered';

/**
 * Lets pages of the given origins use what is below `/api/`; without any, no answer ever speaks of it. A page still needs
 * the token: browsers add nothing by themselves to what they send here.
 */
export function corsAdmission(
  origins: readonly string[],
): (request: FastifyRequest, reply: FastifyReply) => CorsVerdict {
  if (origins.length === 0) return () => 'none';
  return (request, reply) => {
    if (!request.url.startsWith('/api/')) return 'none';
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (origin === undefined || !origins.includes(origin)) return 'none';
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
    });
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return 'admitted';
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': ALLOWED_HEADERS.join(', '),
      'access-control-max-age': String(PREFLIGHT_TTL_S),
    });
    void reply.code(204).send();
    return 'answered';
  };
}
