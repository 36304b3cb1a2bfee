import { openListingClient } from './listing-client.js';

/**
 * Every tool exactly as a client sees it in `tools/list`, one file each; also those of toolsets that are off by default.
 * @param {import('../../dist/src/surface/index.js').Catalog} catalog
 * @returns {Promise<{ path: string, text: string }[]>}
 */
export async function toolPins(catalog) {
  const toolsets = catalog.toolsets.map(({ toolset, tools }) => ({ toolset: { ...toolset, isDefault: true }, tools }));
  const client = await openListingClient({ ...catalog, toolsets });
  const { tools } = await client.listTools();
  await client.close();
  return tools.map((tool) => ({ path: `test/pins/${tool.name}.json`, text: JSON.stringify(tool, null, 2) }));
}
