import type { FastifyInstance } from 'fastify';

export interface Readiness {
  readonly ready: boolean;
  readonly reason: string;
}

export interface HealthChecks {
  readiness(): Readiness;
  /** Whether the first start has been finished. */
  startup(): Readiness;
}

/**
 * `/livez`: the process answers, whatever is behind it. `/startupz`: it has started, once and for all. `/readyz`: the
 * services behind it are up now. The last two give 503 with the reason while it is not so.
 */
export function healthRoutes(app: FastifyInstance, checks: HealthChecks): void {
  const isPublic = { config: { isPublic: true } };
  app.get('/livez', isPublic, () => ({ alive: true }));
  app.get('/startupz', isPublic, (_request, reply) => {
    const { ready: started, reason } = checks.startup();
    return reply.code(started ? 200 : 503).send({ started, reason });
  });
  app.get('/readyz', isPublic, (_request, reply) => {
    const { ready, reason } = checks.readiness();
    return reply.code(ready ? 200 : 503).send({ ready, reason });
  });
}
