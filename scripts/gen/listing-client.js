import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { createSilentLog } from '../../dist/src/core/log.js';
import { createSealer } from '../../dist/src/core/seal.js';
import { createLocalBackend, createMcpServer } from '../../dist/src/server/server-runtime.js';

/**
 * A client of the surface without anything behind it: for lists, and prompts.
 * @param {import('../../dist/src/surface/index.js').Catalog} catalog
 */
export async function openListingClient(catalog) {
  const log = createSilentLog();
  const services = () => Promise.reject(new Error('Lists need no services.'));
  const sealer = () => createSealer('Lists seal nothing.');
  const backend = createLocalBackend({ catalog, log, services, sealer });
  const server = createMcpServer({ catalog, backend, info: { name: 'lightdom', version: '0' }, log });
  const client = new Client({ name: 'listing', version: '0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  return client;
}
