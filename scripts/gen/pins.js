import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { createSilentLog } from '../../dist/src/core/log.js';
import { createSealer } from '../../dist/src/core/seal.js';
import { createLocalBackend, createMcpServer } from '../../dist/src/server/server-runtime.js';

/**
 * Every tool exactly as a client sees it in `tools/list`, one file each; also those of toolsets that are off by default.
 * @param {import('../../dist/src/surface/index.js').Catalog} catalog
 * @returns {Promise<{ path: string, text: string }[]>}
 */
export async function toolPins(catalog) {
  const toolsets = catalog.toolsets.map(({ toolset, tools }) => ({ toolset: { ...toolset, isDefault: true }, tools }));
  const log = createSilentLog();
  const services = () => Promise.reject(new Error('Lists need no services.'));
  const sealer = () => createSealer('Lists seal nothing.');
  const backend = createLocalBackend({ catalog, log, services, sealer });
  const server = createMcpServer({
    catalog: { ...catalog, toolsets },
    backend,
    info: { name: 'lightdom', version: '0' },
    log,
  });
  const client = new Client({ name: 'pins', version: '0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  const { tools } = await client.listTools();
  await client.close();
  return tools.map((tool) => ({ path: `test/pins/${tool.name}.json`, text: JSON.stringify(tool, null, 2) }));
}
