import { z } from 'zod';

/**
 * A client of the older era made by hand, since those of the SDK speak only the revisions that they know: any protocol
 * version, any capabilities, over HTTP.
 */

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  result: z.looseObject({}).optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
/** @typedef {z.output<typeof messageSchema>} Message */

/**
 * @typedef {object} Opening
 * @property {string} url of the endpoint
 * @property {string} token
 * @property {string} protocolVersion
 * @property {Record<string, unknown>} capabilities
 * @property {(request: Message) => Record<string, unknown>} answer what this client says when the server asks
 */

export class RawSession {
  /** @type {Opening} */
  #opening;
  /** @type {Record<string, string>} */
  #headers;
  #lastId = 0;

  /** @param {Opening} opening */
  constructor(opening) {
    this.#opening = opening;
    this.#headers = {
      authorization: `Bearer ${opening.token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    };
  }

  async open() {
    const { protocolVersion, capabilities } = this.#opening;
    const clientInfo = { name: 'profile', version: '1' };
    const answer = await this.request('initialize', { protocolVersion, capabilities, clientInfo });
    const version = z.string().parse(answer.result?.['protocolVersion']);
    this.#headers['mcp-protocol-version'] = version;
    await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return version;
  }

  /** @param {string} method @param {Record<string, unknown>} [params] @returns {Promise<Message>} */
  async request(method, params = {}) {
    this.#lastId += 1;
    const id = this.#lastId;
    const response = await this.#post({ jsonrpc: '2.0', id, method, params });
    const session = response.headers.get('mcp-session-id');
    if (session !== null) this.#headers['mcp-session-id'] = session;
    for await (const message of messagesOf(response)) {
      if (message.id === id && message.method === undefined) return message;
      if (message.id !== undefined && message.method !== undefined) {
        await this.#post({ jsonrpc: '2.0', id: message.id, result: this.#opening.answer(message) });
      }
    }
    throw new Error(`${method} got no answer (HTTP ${response.status}).`);
  }

  async close() {
    await fetch(this.#opening.url, { method: 'DELETE', headers: this.#headers });
  }

  /** @param {object} message */
  #post(message) {
    return fetch(this.#opening.url, { method: 'POST', headers: this.#headers, body: JSON.stringify(message) });
  }
}

/** Of a JSON body, or of a stream as it comes. @param {Response} response @returns {AsyncGenerator<Message>} */
async function* messagesOf(response) {
  if (response.body === null) return;
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    const text = await response.text();
    if (text !== '') yield messageSchema.parse(JSON.parse(text));
    return;
  }
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data:'));
      const text = data.map((line) => line.slice('data:'.length).trim()).join('\n');
      if (text !== '') yield messageSchema.parse(JSON.parse(text));
    }
  }
}
