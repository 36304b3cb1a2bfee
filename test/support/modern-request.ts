import { TOKEN } from './surface-client.ts';

const PROTOCOL = '2026-07-28';

export interface ModernRequestOptions {
  readonly params?: object;
  /** The tool, resource or task that it is about. */
  readonly name?: string;
  readonly capabilities?: object;
}

/** One request of the stateless era, as it travels. */
export function modernRequest(method: string, { params, name, capabilities = {} }: ModernRequestOptions = {}) {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': PROTOCOL,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  return {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': PROTOCOL,
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
  };
}
