import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import { z } from 'zod';

/**
 * Stands before a server that wants a bearer token, for clients that can't send one. All else goes through as it is:
 * headers that are to be refused, and streams.
 * @param {URL} target
 * @param {string} token
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function openAuthorizingProxy(target, token) {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const upstream = sendRequest(
      new URL(url ?? '/', target),
      { method, headers: { ...headers, authorization: `Bearer ${token}` }, setHost: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
