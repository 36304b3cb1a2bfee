import type { FastifyInstance } from 'fastify';

export interface Readiness {
  readonly ready: boolean;
  readonly reason: string;
}

/** `/livez`: the process answers. `/readyz`: the services behind it are up; 503 with the reason while they are not. */
export function healthRoutes(app: FastifyInstance, readiness: () => Readiness): void {
  app.get('/livez', { config: { isPublic: true } }, () => ({ alive: true }));
  app.get('/readyz', { config: { isPublic: true } }, (_request, reply) => {
    const { ready, reason } = readiness();
    return reply.code(ready ? 200 : 503).send({ ready, reason });
  });
}
