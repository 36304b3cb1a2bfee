#!/usr/bin/env node
/**
 * The official conformance suite against the product: once with the fixtures that it calls by name, which must not fail in
 * any check, and once as users get it, where what fails for want of fixtures is pinned. See USAGE.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openAuthorizingProxy } from '../test/conformance/authorizing-proxy.js';
import { exitOf, firstLineOf } from './child-output.js';
import { installedTools } from './install-tools.js';

const USAGE = `npm run conformance -- [--scenario NAME] [--node FILE] [--verbose]

  --scenario NAME  one scenario alone, with the fixtures
  --node FILE      the Node that both the server and the suite run on; this one without it
  --verbose        what the suite and the server print
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIXTURES = join(ROOT, 'test/conformance');
const REVISIONS = ['2025-11-25', '2026-07-28'];

const servedSchema = z.object({ url: z.string(), token: z.string() });
const checksSchema = z.array(z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }));

const { values: options } = parseArgs({
  options: {
    scenario: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(USAGE);
else process.exitCode = (await runAll()) ? 0 : 1;

async function runAll() {
  const suite = join(installedTools('conformance'), '@modelcontextprotocol/conformance/dist/index.js');
  if (options.scenario !== undefined) {
    return withServer([], (url) =>
      runPass(suite, url, { name: 'scenario', args: ['--scenario', options.scenario ?? ''] }),
    );
  }
  const withFixtures = await withServer([], async (url) => {
    const passes = [
      { name: 'all scenarios', args: ['--suite', 'all'] },
      ...REVISIONS.map((revision) => ({ name: `required by ${revision}`, args: ['--requirements', revision] })),
    ];
    let isPassing = true;
    for (const pass of passes) isPassing = (await runPass(suite, url, pass)) && isPassing;
    return isPassing;
  });
  const baseline = join(FIXTURES, 'bare-baseline.yml');
  const bare = await withServer(['--bare'], (url) =>
    runPass(suite, url, { name: 'without fixtures', args: ['--suite', 'all', '--expected-failures', baseline] }),
  );
  return withFixtures && bare;
}

/**
 * @template T
 * @param {readonly string[]} args
 * @param {(url: string) => Promise<T>} work
 */
async function withServer(args, work) {
  const server = spawn(options.node, [join(FIXTURES, 'serve-fixtures.js'), ...args, ...flagged()], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { url, token } = servedSchema.parse(JSON.parse(await firstLineOf(server)));
  const proxy = await openAuthorizingProxy(new URL(url), token);
  try {
    return await work(`${proxy.url}/mcp`);
  } finally {
    await proxy.close();
    server.stdin.end();
    await exitOf(server);
  }
}

function flagged() {
  return options.verbose ? ['--verbose'] : [];
}

/** @param {string} suite @param {string} url @param {{ name: string, args: readonly string[] }} pass */
async function runPass(suite, url, { name, args }) {
  const results = mkdtempSync(join(tmpdir(), 'lightdom-conformance-'));
  try {
    const shim = join(FIXTURES, 'glob-shim.mjs');
    const child = spawn(options.node, ['--import', shim, suite, 'server', '--url', url, '-o', results, ...args], {
      stdio: ['ignore', options.verbose ? 'inherit' : 'ignore', options.verbose ? 'inherit' : 'ignore'],
    });
    return report(name, results, (await exitOf(child)) === 0);
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** @param {string} name @param {string} results @param {boolean} isPassing */
function report(name, results, isPassing) {
  const scenarios = readdirSync(results).map((folder) => ({
    folder,
    checks: checksSchema.parse(JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8'))),
  }));
  const checks = scenarios.flatMap((scenario) => scenario.checks);
  const count = (/** @type {string} */ status) => checks.filter((check) => check.status === status).length;
  const figures = ['SUCCESS', 'FAILURE', 'WARNING', 'SKIPPED'].map((status) => count(status));
  const [passed, failed, warnings, skipped] = figures;
  console.log(
    `${isPassing ? 'ok    ' : 'FAILED'} ${name}: ${scenarios.length} scenarios, checks ${passed} passed, ${failed} failed, ${warnings} warnings, ${skipped} skipped`,
  );
  for (const { folder, checks: own } of isPassing && !options.verbose ? [] : scenarios) {
    for (const check of own.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')) {
      console.log(
        `  ${check.status} ${folder.replace(/^server-|-\d{4}-\d{2}-\d{2}T.*$/g, '')} ${check.id}: ${check.errorMessage ?? ''}`,
      );
    }
  }
  return isPassing && scenarios.length > 0;
}
