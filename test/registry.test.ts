import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../src/catalog.ts';
import { createSilentLog } from '../src/core/log.ts';
import { createLocalBackend, createMcpServer, createToolPolicy } from '../src/server/server-runtime.ts';
import { DEFAULT_SETTINGS } from '../src/server/dispatch/tool-policy.ts';
import type { Catalog } from '../src/surface/index.ts';
import { aliasViolations, exportNameOf, fileNameOf, listViolations, toolViolations } from './support/registry-rules.ts';
import { testSealer } from './support/test-sealer.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Beyond these, agents choose worse and hosts begin to refuse. */
const MAX_TOOLS = 20;
const MAX_TOKENS = 6_000;
/** What the list costs now. Raise it with a reason: a tool that agents need at once, not one that tool_search finds. */
const PINNED_TOKENS = 3_662;
const MAX_GROWTH = 1.1;
const MAX_COMPACT_TOOLS = 16;
/** Measured 2,762 with 13 tools: three quarters of the default list. */
const MAX_COMPACT_TOKENS = 3_000;
/** What agents need before they have searched for anything. */
const EXPECTED = ['system_status', 'run_get', 'run_list', 'run_control', 'graph_search', 'tool_search', 'tool_call'];

type ShownTools = Awaited<ReturnType<Client['listTools']>>['tools'];

describe('registry', () => {
  let shown: ShownTools = [];
  /** As if every toolset were on. */
  let all: ShownTools = [];

  beforeAll(async () => {
    const toolsets = catalog.toolsets.map(({ toolset, tools }) => ({
      toolset: { ...toolset, isDefault: true },
      tools,
    }));
    shown = await listTools(catalog);
    all = await listTools({ ...catalog, toolsets });
  });

  test.each(catalog.toolsets.map(({ toolset, tools }) => ({ id: toolset.id, names: tools.map((tool) => tool.name) })))(
    'the files, tests and list of toolset $id agree',
    ({ id, names }) => {
      const files = sourcesIn(`tools/${id}`).filter((file) => file !== 'toolset');
      expect(listViolations({ files, tests: testsIn(`test/tools/${id}`), declared: names })).toEqual([]);
    },
  );

  test('every toolset is in the list', () => {
    const folders = readdirSync(`${ROOT}/tools`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(catalog.toolsets.map(({ toolset }) => toolset.id).toSorted()).toEqual(
      folders.map(({ name }) => name).toSorted(),
    );
  });

  test.each([
    { folder: 'resources', declared: catalog.resources.map(({ name }) => name) },
    { folder: 'prompts', declared: catalog.prompts.map(({ name }) => name) },
  ])('the files, tests and list of $folder agree', ({ folder, declared }) => {
    const files = sourcesIn(folder).filter((file) => file !== 'index');
    expect(listViolations({ files, tests: testsIn(`test/${folder}`), declared })).toEqual([]);
  });

  test.each([
    ...catalog.toolsets.flatMap(({ toolset, tools }) =>
      tools.map((value) => ({ folder: `tools/${toolset.id}`, value })),
    ),
    ...catalog.resources.map((value) => ({ folder: 'resources', value })),
    ...catalog.prompts.map((value) => ({ folder: 'prompts', value })),
  ])('$folder: the export of $value.name is named after it', async ({ folder, value }) => {
    const module: unknown = await import(join(ROOT, folder, `${fileNameOf(value.name)}.ts`));
    expect(module).toHaveProperty(exportNameOf(value.name), value);
  });

  test('a client sees every tool of the toolsets that are on by default, in the order of the list', () => {
    const listed = catalog.toolsets.filter(({ toolset }) => toolset.isDefault);
    expect(shown.map((tool) => tool.name)).toEqual(namesOf(listed));
    expect(all.map((tool) => tool.name)).toEqual(namesOf(catalog.toolsets));
  });

  test('names, titles, hints, descriptions and schemas are what hosts and agents can use', () => {
    expect(all.flatMap(toolViolations)).toEqual([]);
  });

  test(`the list has at most ${MAX_TOOLS} tools and costs a reader at most ${MAX_TOKENS} tokens`, () => {
    expect(shown.length).toBeLessThanOrEqual(MAX_TOOLS);
    expect(countTokens(JSON.stringify(shown))).toBeLessThanOrEqual(MAX_TOKENS);
    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(EXPECTED));
  });

  test('the list costs at most a tenth more than when it was last measured', () => {
    expect(countTokens(JSON.stringify(shown))).toBeLessThanOrEqual(PINNED_TOKENS * MAX_GROWTH);
  });

  test(`the compact list has at most ${MAX_COMPACT_TOOLS} tools and ${MAX_COMPACT_TOKENS} tokens`, async () => {
    const compact = await listTools(catalog, { ...DEFAULT_SETTINGS, profile: 'compact' });
    expect(compact.length).toBeLessThanOrEqual(MAX_COMPACT_TOOLS);
    expect(compact.map(({ name }) => name)).toEqual(expect.arrayContaining(EXPECTED));
    expect(countTokens(JSON.stringify(compact))).toBeLessThanOrEqual(MAX_COMPACT_TOKENS);
  });

  test('a former name leads to one tool', () => {
    expect(aliasViolations(catalog.toolsets.flatMap(({ tools }) => tools))).toEqual([]);
  });

  test('every tool is pinned as a client sees it; npm run gen writes the pins, a person reviews them', () => {
    const names = readdirSync(`${ROOT}/test/pins`).map((file) => file.replace(/\.json$/, ''));
    expect(names.toSorted()).toEqual(all.map((tool) => tool.name).toSorted());
    for (const tool of all) {
      const pin: unknown = JSON.parse(readFileSync(`${ROOT}/test/pins/${tool.name}.json`, 'utf8'));
      expect(tool).toEqual(pin);
    }
  });
});

async function listTools(served: Catalog, settings = DEFAULT_SETTINGS): Promise<ShownTools> {
  const log = createSilentLog();
  const services = (): Promise<never> => Promise.reject(new Error('Lists need no services.'));
  const backend = createLocalBackend({ sealer: testSealer, catalog: served, log, services });
  const policy = createToolPolicy(served, settings);
  const server = createMcpServer({ catalog: served, backend, info: { name: 'lightdom', version: '0' }, log, policy });
  const client = new Client({ name: 'registry-test', version: '0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}

function namesOf(toolsets: Catalog['toolsets']): string[] {
  return toolsets.flatMap(({ tools }) => tools.map((tool) => tool.name));
}

function sourcesIn(folder: string): string[] {
  return namesIn(folder, '.ts').filter((name) => !name.endsWith('.test'));
}

function testsIn(folder: string): string[] {
  return namesIn(folder, '.test.ts');
}

function namesIn(folder: string, ending: string): string[] {
  if (!existsSync(`${ROOT}/${folder}`)) return [];
  return readdirSync(`${ROOT}/${folder}`)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}
