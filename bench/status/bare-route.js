/**
 * A fastify with one route and nothing else, in a process of its own: `node bare-route.js PATH`, the JSON of its answers on
 * stdin. Prints the port that it listens on.
 */
import { json } from 'node:stream/consumers';
import process from 'node:process';
import { fastify } from 'fastify';

const [path = '/'] = process.argv.slice(2);
const answer = await json(process.stdin);
const app = fastify();
app.get(path, () => answer);
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
console.log(typeof address === 'object' ? address?.port : address);
