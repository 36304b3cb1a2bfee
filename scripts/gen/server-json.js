import { keyDescriptions } from './key-descriptions.js';

/** The registry takes descriptions of at most 100 characters. */
const DESCRIPTION = 'Exact answers about TypeScript and JavaScript code from a type-resolved graph, and durable runs.';

/** @type {readonly { name: string, key: string, isSecret: boolean, format: string }[]} */
const VARIABLES = [
  { name: 'LIGHTDOM_DATA_DIR', key: 'dataDir', isSecret: false, format: 'filepath' },
  { name: 'DATABASE_URL', key: 'database.url', isSecret: true, format: 'string' },
  { name: 'DEEPSEEK_API_KEY', key: 'ai.deepseek.apiKey', isSecret: true, format: 'string' },
  { name: 'GITHUB_TOKEN', key: 'github.token', isSecret: true, format: 'string' },
];

/**
 * The entry in the MCP registry, by its schema of 2025-12-11.
 * @param {{ name: string, version: string, mcpName: string }} manifest package.json
 * @returns {string} server.json
 */
export function serverJson({ name, version, mcpName }) {
  const describe = keyDescriptions();
  const server = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: 'LightDom',
    description: DESCRIPTION,
    version,
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        runtimeArguments: [{ type: 'positional', value: '-y' }],
        packageArguments: [
          { type: 'positional', value: 'mcp' },
          {
            type: 'named',
            name: '--workspace',
            description: describe('workspace'),
            format: 'filepath',
            isRequired: true,
          },
        ],
        environmentVariables: VARIABLES.map(({ name: variable, key, isSecret, format }) => ({
          name: variable,
          description: describe(key),
          isRequired: false,
          isSecret,
          format,
        })),
        transport: { type: 'stdio' },
      },
    ],
  };
  return JSON.stringify(server, null, 2);
}
