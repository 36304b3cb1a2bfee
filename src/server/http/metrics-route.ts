import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../metrics/index.ts';
import { READ_SCOPE } from '../mcp/scope-policy.ts';
import type { OauthConfig } from './access-token.ts';
import { sendStepUp } from './bearer-challenge.ts';
import type { EventClients } from './event-clients.ts';

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  readonly oauth: OauthConfig | undefined;
  readonly streams: EventClients | undefined;
}

/** `GET /metrics` for Prometheus; and the duration of every request, known by its route and never by its path. */
export function metricsRoute(app: FastifyInstance, { metrics, oauth, streams }: MetricsRouteOptions): void {
  if (streams !== undefined) metrics.countStreams(() => streams.counts());
  app.addHook('onResponse', (request, reply, done) => {
    // A stream lasts as long as its client likes.
    const type = String(reply.raw.getHeader('content-type') ?? '');
    if (!type.startsWith('text/event-stream')) {
      const route = request.routeOptions.url ?? 'none';
      const status = reply.raw.statusCode;
      metrics.observeHttp({ method: request.method, route, status, seconds: reply.elapsedTime / 1000 });
    }
    done();
  });
  app.get('/metrics', async (request, reply) => {
    const granted = request.identity?.scopes ?? [];
    if (!granted.includes(READ_SCOPE)) return sendStepUp(reply, oauth, { missing: READ_SCOPE, granted });
    const text = await metrics.text();
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(text);
  });
}
