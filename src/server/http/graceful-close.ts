import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What has not ended by itself this long after the stop is cut off. */
const CLOSE_GRACE_MS = 3_000;

/**
 * Returns a function that stops the app and resolves when every connection is gone. Node keeps a connection that never
 * sent a request (clients open one in advance) out of what it calls idle, and would wait for it.
 */
export function gracefulClose(app: FastifyInstance): () => Promise<void> {
  const unused = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }: { socket: Socket }) => unused.delete(socket));
  return async () => {
    const deadline = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
    const closed = app.close();
    for (const socket of unused) socket.destroy();
    await closed.finally(() => clearTimeout(deadline));
  };
}
