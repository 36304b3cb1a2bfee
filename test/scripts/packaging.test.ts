import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../src/catalog.ts';
import { bundleManifestSchema } from '../support/bundle-format.ts';
import { registryEntrySchema } from '../support/registry-entry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const packageSchema = z.object({ name: z.string(), version: z.string(), mcpName: z.string() });

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

describe('server.json', () => {
  const entry = registryEntrySchema.parse(readJson('server.json'));
  const manifest = packageSchema.parse(readJson('package.json'));

  it('is of the package whose name it proves', () => {
    expect(entry.name).toBe(manifest.mcpName);
    expect(entry.version).toBe(manifest.version);
    expect(entry.packages).toHaveLength(1);
    expect(entry.packages?.[0]).toMatchObject({ identifier: manifest.name, version: manifest.version });
  });

  it('marks what is secret, and asks for no more than the workspace', () => {
    const { environmentVariables = [], packageArguments = [] } = entry.packages?.[0] ?? {};
    const secret = environmentVariables.filter(({ isSecret }) => isSecret === true).map(({ name }) => name);
    expect(secret).toEqual(['DATABASE_URL', 'DEEPSEEK_API_KEY', 'GITHUB_TOKEN']);
    expect([...environmentVariables, ...packageArguments].filter(({ isRequired }) => isRequired === true)).toEqual([
      expect.objectContaining({ name: '--workspace', format: 'filepath' }),
    ]);
  });
});

describe('the manifest of the bundle', () => {
  let manifest: z.infer<typeof bundleManifestSchema>;

  beforeAll(() => {
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts/bundle.js'), '--manifest'], {
      encoding: 'utf8',
    });
    manifest = bundleManifestSchema.parse(JSON.parse(stdout));
  });

  it('starts the server on the folder that the user chose, with their secrets in the environment', () => {
    const { command, args, env } = manifest.server.mcp_config;
    expect([command, ...args]).toEqual([
      'node',
      `\${__dirname}/${manifest.server.entry_point}`,
      'mcp',
      '--workspace',
      '${user_config.workspace}',
    ]);
    expect(env).toEqual({
      DEEPSEEK_API_KEY: '${user_config.deepseek_api_key}',
      GITHUB_TOKEN: '${user_config.github_token}',
      LIGHTDOM_MCP_READ_ONLY: '${user_config.read_only}',
    });
  });

  it('asks for each value that it uses, and for no other; what is not given is empty', () => {
    const used = JSON.stringify(manifest.server).matchAll(/\$\{user_config\.(\w+)\}/g);
    expect(new Set([...used].map(([, name]) => name))).toEqual(new Set(Object.keys(manifest.user_config)));
    const { workspace, read_only: readOnly, ...secrets } = manifest.user_config;
    expect(readOnly).toMatchObject({ type: 'boolean', required: false, default: false });
    expect(workspace).toMatchObject({ type: 'directory', required: true });
    for (const option of Object.values(secrets)) {
      expect(option).toMatchObject({ type: 'string', sensitive: true, required: false, default: '' });
    }
  });

  it('names the tools that are listed and the prompts, with places for their arguments', () => {
    const listed = catalog.toolsets.flatMap(({ toolset, tools }) => (toolset.isDefault ? tools : []));
    expect(manifest.tools.map(({ name }) => name)).toEqual(listed.map(({ name }) => name));
    expect(manifest.prompts.map(({ name }) => name)).toEqual(catalog.prompts.map(({ name }) => name));
    for (const prompt of manifest.prompts) {
      for (const name of prompt.arguments) expect(prompt.text).toContain(`\${arguments.${name}}`);
    }
  });
});
