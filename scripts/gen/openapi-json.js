import { openApiDocument } from '../../dist/src/server/http/rest/openapi-document.js';

/**
 * @param {import('../../dist/src/surface/index.js').Catalog} catalog
 * @param {{ readonly version: string }} manifest
 * @returns {string} docs/openapi.json
 */
export function openApiJson(catalog, { version }) {
  return JSON.stringify(openApiDocument({ catalog, version }), null, 2);
}
