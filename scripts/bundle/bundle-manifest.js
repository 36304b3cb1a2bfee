import process from 'node:process';
import { keyDescriptions } from '../gen/key-descriptions.js';
import { openListingClient } from '../gen/listing-client.js';

/**
 * What a host is told of the bundle, by version 0.4 of its format: how to start it, what to ask its user for, and what it
 * offers. The bundle holds native programs, so it is for the platform that it was made on.
 * @param {import('../../dist/src/surface/index.js').Catalog} catalog
 * @param {ReturnType<typeof import('../gen/package-manifest.js').packageManifest>} manifest package.json
 */
export async function bundleManifest(catalog, { name, version, description, license, engines }) {
  const { tools, prompts } = await offered(catalog);
  return {
    manifest_version: '0.4',
    name,
    display_name: 'LightDom',
    version,
    description,
    long_description: `${description} Made for ${process.platform} on ${process.arch}.`,
    author: { name: 'The LightDom authors' },
    license,
    server: {
      type: 'node',
      entry_point: 'dist/bin/lightdom.js',
      mcp_config: {
        command: 'node',
        args: ['${__dirname}/dist/bin/lightdom.js', 'mcp', '--workspace', '${user_config.workspace}'],
        env: {
          DEEPSEEK_API_KEY: '${user_config.deepseek_api_key}',
          GITHUB_TOKEN: '${user_config.github_token}',
          LIGHTDOM_MCP_READ_ONLY: '${user_config.read_only}',
        },
      },
    },
    tools,
    tools_generated: true,
    prompts,
    prompts_generated: true,
    compatibility: { platforms: [process.platform], runtimes: { node: engines.node } },
    user_config: userConfig(),
  };
}

/** Without a default, a host leaves the placeholder of what was not given as it is; an empty variable counts as not set. */
function userConfig() {
  const describe = keyDescriptions();
  const secret = { type: 'string', sensitive: true, required: false, default: '' };
  return {
    workspace: { type: 'directory', title: 'Workspace', description: describe('workspace'), required: true },
    deepseek_api_key: { title: 'DeepSeek API key', description: describe('ai.deepseek.apiKey'), ...secret },
    github_token: { title: 'GitHub token', description: describe('github.token'), ...secret },
    read_only: {
      type: 'boolean',
      title: 'Read only',
      description: describe('mcp.readOnly'),
      required: false,
      default: false,
    },
  };
}

/** @param {import('../../dist/src/surface/index.js').Catalog} catalog */
async function offered(catalog) {
  const client = await openListingClient(catalog);
  const { tools } = await client.listTools();
  const { prompts } = await client.listPrompts();
  const rendered = await Promise.all(prompts.map((prompt) => renderedPrompt(client, prompt)));
  await client.close();
  // Hosts show these as a list: the first sentence says what a tool answers.
  return {
    tools: tools.map((tool) => ({ name: tool.name, description: firstSentence(tool.description ?? '') })),
    prompts: rendered,
  };
}

/**
 * The text with placeholders in the place of arguments.
 * @param {import('@modelcontextprotocol/client').Client} client
 * @param {{ name: string, description?: string | undefined, arguments?: readonly { name: string }[] | undefined }} prompt
 */
async function renderedPrompt(client, { name, description = '', arguments: args = [] }) {
  const names = args.map((one) => one.name);
  const placeholders = Object.fromEntries(names.map((one) => [one, `\${arguments.${one}}`]));
  const { messages } = await client.getPrompt({ name, arguments: placeholders });
  const text = messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n\n');
  return { name, description, arguments: names, text };
}

/** @param {string} text */
function firstSentence(text) {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}
