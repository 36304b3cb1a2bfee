import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../../src/catalog.ts';
import { visibleText } from '../../../src/core/outside-text.ts';
import { runProcess } from '../../../src/core/process/index.ts';
import { ToolAccess } from '../../../src/server/dispatch/tool-access.ts';
import { createToolPolicy } from '../../../src/server/dispatch/tool-policy.ts';
import { createSurfaceListing } from '../../../src/server/mcp/surface-listing.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';
import { failureOf } from '../../support/failure-of.ts';
import { readSources } from '../../support/import-graph.ts';

const bomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.looseObject({ name: z.string(), version: z.string() })),
});
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let app: AppClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightdom-outside-'));
  app = await openAppClient();
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('path tools: real paths compared with the root and its separator, no way out of it', () => {
  test.each(['/etc', '..', `${ROOT}test/fixtures/shop-next-door`, '/proc/self/root', 'a\u0000b', '%2e%2e/%2e%2e'])(
    'the workspace %j is refused',
    async (workspace) => {
      for (const name of ['graph_index', 'graph_search', 'graph_export', 'finding_collect']) {
        const args = name === 'graph_search' ? { workspace, query: 'x' } : { workspace };
        const answer = await app.call(name, args);
        expect({ name, isError: answer.isError }).toEqual({ name, isError: true });
        expect(answer.text).not.toContain('root:');
      }
    },
  );

  test('a link that leads outside is refused by where it leads', async () => {
    const link = join(folder, 'link');
    symlinkSync('/etc', link);
    expect((await app.call('graph_index', { workspace: link })).text).toContain('outside the allowed folders: ');
  });

  test.each(['../../../package.json', '..%2F..%2F..%2Fpackage.json', '%2Fetc%2Fpasswd', 'src/..%2f..%2fx', 'a%00b'])(
    'the file %s is no resource',
    async (path) => {
      const failure = await failureOf(app.client.readResource({ uri: `graph://file/${path}` }));
      expect(String(failure)).not.toMatch(/root:|"lightdom"/);
    },
  );
});

test.each(['--output=/tmp/owned', '-c core.pager=id', '--upload-pack=id', 'ext::id', 'HEAD; id', 'a..b\u0000c'])(
  'git: the revision %j never becomes an option or a command',
  async (from) => {
    expect((await app.call('graph_diff', { from })).isError).toBe(true);
    expect(existsSync('/tmp/owned')).toBe(false);
  },
);

test('SQL: what is asked for is a parameter, never a part of a statement', async () => {
  const evil = "x'; drop table lightdom.run; --";
  expect(await app.call('run_list', { kind: evil })).toMatchObject({ isError: false, text: 'no runs' });
  expect((await app.call('note_query', { text: evil })).text).not.toContain('syntax');
  expect((await app.call('run_list')).structured['runs']).toHaveLength(1);
});

describe('no shell; child processes get arguments as a list, a folder and a minimal environment', () => {
  test('what would be a command for a shell is one argument', async () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const { stdout } = await runProcess(process.execPath, ['-e', script, '--', '$(id); `id` && id | id > x']);
    expect(JSON.parse(stdout)).toEqual(['$(id); `id` && id | id > x']);
  });

  test('secrets of ours do not go along', async () => {
    const secrets = ['DEEPSEEK_API_KEY', 'GITHUB_TOKEN', 'DATABASE_URL', 'LIGHTDOM_DATABASE_PASSWORD', 'MY_SECRET'];
    for (const name of secrets) vi.stubEnv(name, 'hunter2');
    const { stdout } = await runProcess(process.execPath, ['-e', 'console.log(JSON.stringify(process.env))']);
    vi.unstubAllEnvs();
    expect(stdout).not.toContain('hunter2');
  });
});

test('code is data: the product evaluates none', () => {
  const evaluated = readSources(ROOT, ['src', 'tools', 'resources', 'prompts']).filter(({ path, imports }) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return /\beval\(|new Function\(/.test(text) || imports.some(({ specifier }) => /^(node:)?vm$/.test(specifier));
  });
  // A pattern of the caller's is matched there, with a time limit; its text is a constant of ours.
  expect(evaluated.map(({ path }) => path)).toEqual(['src/graph/query/pattern-search.ts']);
});

describe('tool poisoning: what agents are told is static and plain', () => {
  test('it holds no hidden text, no orders and no addresses', () => {
    const listing = JSON.stringify(createSurfaceListing(catalog).tools.map(({ shown }) => shown()));
    expect(visibleText(listing)).toBe(listing);
    expect(listing).not.toMatch(/IMPORTANT|you must|<important>|ignore (?:all|previous)|do not tell|system prompt/i);
    expect(listing.replaceAll(/"\$schema":"[^"]*"/g, '')).not.toMatch(/https?:\/\//);
  });

  test('it is the same whoever asks and whatever a workspace holds', async () => {
    const [first, second] = [await app.client.listTools(), await app.client.listTools()];
    expect(first.tools).toEqual(second.tools);
    const listed = new ToolAccess(createSurfaceListing(catalog), createToolPolicy(catalog)).listed();
    expect(first.tools.map(({ name }) => name)).toEqual(listed.map(({ name }) => name));
  });
});

test('destructive tools say so on the wire, and none is called a reader', () => {
  for (const { shown } of createSurfaceListing(catalog).tools) {
    const tool = shown();
    // What runs any tool may destroy what the worst of them does.
    const isDestructive = /(?:delete|prune|control|^system_stop|^tool_call)$/.test(tool.name);
    const { destructiveHint, readOnlyHint } = tool.annotations;
    expect({ name: tool.name, destructiveHint }).toEqual({ name: tool.name, destructiveHint: isDestructive });
    expect(isDestructive && readOnlyHint).toBe(false);
  }
});

test('supply chain: exact versions, a lockfile, and nothing that runs at the installation', () => {
  const manifest = z
    .object({
      scripts: z.record(z.string(), z.string()),
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
      optionalDependencies: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  const { scripts, ...dependencies } = manifest;
  const versions = Object.values(dependencies).flatMap((group) => Object.values(group));
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  expect(Object.keys(scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
  expect(existsSync(join(ROOT, 'package-lock.json'))).toBe(true);
});

test('supply chain: what ships is listed with versions, licences and hashes (SBOM)', async () => {
  const { stdout } = await runProcess('npm', ['run', '--silent', 'sbom'], { cwd: ROOT });
  const { components } = bomSchema.parse(JSON.parse(stdout));
  const byName = new Map(components.map((component) => [component.name, component]));
  for (const name of ['@modelcontextprotocol/server', 'zod', 'fastify', 'pg']) {
    expect(byName.get(name)).toMatchObject({ properties: [], hashes: [{ alg: 'SHA-512' }] });
  }
  expect(byName.get('vitest')).toMatchObject({ properties: [{ name: 'cdx:npm:package:development', value: 'true' }] });
});
