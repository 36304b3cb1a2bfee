import type { FastifyInstance } from 'fastify';
import type { Log } from '../../core/log.ts';
import type { Metrics } from '../../metrics/index.ts';
import type { OauthConfig } from './access-token.ts';
import { eventRoutes } from './event-routes.ts';
import type { EventRoutesOptions } from './event-routes.ts';
import { healthRoutes } from './health-routes.ts';
import type { Readiness } from './health-routes.ts';
import { metricsRoute } from './metrics-route.ts';

export interface WatchOptions {
  readonly readiness: () => Readiness;
  /** Whether the first start was finished; readiness without it. */
  readonly startup?: () => Readiness;
  /** Served at `/api/events`; no events without it. */
  readonly events?: EventRoutesOptions;
  /** Served at `/metrics`; none without it. */
  readonly metrics?: Metrics;
}

/** By which somebody outside sees how the system is: health, live events, metrics. */
export function watchRoutes(
  app: FastifyInstance,
  options: WatchOptions & { readonly oauth: OauthConfig | undefined; readonly log: Log },
): void {
  const { readiness, startup = readiness, events, metrics, oauth, log } = options;
  healthRoutes(app, { readiness, startup });
  const streams = events === undefined ? undefined : eventRoutes(app, events, { oauth, log });
  if (metrics !== undefined) metricsRoute(app, { metrics, oauth, streams });
}
