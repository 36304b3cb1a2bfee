import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What one client has got. It keeps numbers alone: the crowd must not be what takes the memory.
 * @typedef {object} CrowdClient
 * @property {number} firstId where its stream began
 * @property {number} lastId
 * @property {number} events
 * @property {number} lost ids between two that came one after the other, or came before
 * @property {boolean} isEnded
 * @property {() => void} cut
 */

/** @typedef {{ url: string, token: string }} EventServer */

const CONNECTING_AT_ONCE = 50;
const LOOK_MS = 50;

/**
 * Connects so many clients of `/api/events`, each on a connection of its own.
 * @param {EventServer} server
 * @param {number} count
 * @returns {Promise<readonly CrowdClient[]>}
 */
export async function gatherCrowd(server, count) {
  /** @type {CrowdClient[]} */
  const clients = [];
  while (clients.length < count) {
    const next = Math.min(CONNECTING_AT_ONCE, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: next }, () => connect(server)))));
  }
  return clients;
}

/**
 * Waits until all have come as far as the one that was furthest when this was called, or the time is over.
 * @param {readonly CrowdClient[]} clients
 * @param {number} patienceMs
 */
export async function settle(clients, patienceMs) {
  const goal = Math.max(...clients.map(({ lastId }) => lastId));
  for (let waited = 0; waited < patienceMs; waited += LOOK_MS) {
    if (clients.every(({ lastId }) => lastId >= goal)) break;
    await delay(LOOK_MS);
  }
  return goal;
}

/**
 * Events up to the goal that a client should have got and has not.
 * @param {readonly CrowdClient[]} clients
 * @param {number} goal
 */
export function lostOf(clients, goal) {
  return clients.reduce((sum, { lost, lastId }) => sum + lost + Math.max(0, goal - lastId), 0);
}

/** @param {EventServer} server @returns {Promise<CrowdClient>} */
function connect({ url, token }) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const outgoing = request(`${url}/api/events`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`It answered ${response.statusCode}.`));
      /** @type {CrowdClient} */
      const client = { firstId: -1, lastId: -1, events: 0, lost: 0, isEnded: false, cut: () => outgoing.destroy() };
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
        const end = text.lastIndexOf('\n\n') + 1;
        take(client, text.slice(0, end));
        text = text.slice(end);
        if (client.firstId >= 0) resolve(client);
      });
      response.on('error', () => {});
      response.on('close', () => {
        client.isEnded = true;
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/**
 * Streams of this machine's own callers have every id; the first comes without an event.
 * @param {CrowdClient} client
 * @param {string} text
 */
function take(client, text) {
  for (const [, digits, type] of text.matchAll(/^id: (\d+)\n(event: )?/gm)) {
    const id = Number(digits);
    if (client.firstId < 0) client.firstId = id;
    else if (type !== undefined) {
      client.events += 1;
      client.lost += Math.abs(id - client.lastId - 1);
    }
    client.lastId = id;
  }
}
