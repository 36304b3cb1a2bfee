import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runClient } from './driver.js';
import { inspectorLoad, strictComplaints } from './inspector-cli.js';
import { startProduct } from './product-server.js';

/**
 * Checkers of other projects on the product as users start it, with every tool in the list.
 * @typedef {{ name: string, problem: string | undefined }} Checked
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOAD = { tool: 'system_status', args: {}, requests: 500, concurrency: 10 };
const ERAS = /** @type {const} */ (['modern', 'legacy']);

/** @param {string} modules @returns {Promise<readonly Checked[]>} */
export async function runCheckers(modules) {
  const product = await startProduct({ flags: ['--toolsets', 'all'] });
  /** @type {Checked[]} */
  const checked = [];
  /** @param {string} name @param {() => Promise<string | undefined>} work */
  const check = async (name, work) => {
    checked.push({ name, problem: await work().catch((/** @type {unknown} */ error) => String(error).slice(0, 500)) });
  };
  try {
    for (const era of ERAS) {
      const target = { ...product, era };
      await check(`Inspector --strict, ${era}`, async () => {
        const complaints = await strictComplaints(modules, target);
        return complaints.length === 0 ? undefined : complaints.join('\n    ').slice(0, 1000);
      });
      await check(`Inspector --load, ${era}: ${LOAD.requests} calls, ${LOAD.concurrency} at a time`, async () => {
        const { ok, toolErrors, errors, errorMessages } = await inspectorLoad(modules, target, LOAD);
        if (ok === LOAD.requests && toolErrors + errors === 0) return undefined;
        return `${ok} ok, ${toolErrors} tool errors, ${errors} errors: ${JSON.stringify(errorMessages)}`;
      });
    }
  } finally {
    await product.close();
  }
  await check('mcp-scan ci --offline', () => scan(modules));
  return checked;
}

/** Hosts whose settings have the form that the scanner reads. */
const SCANNED_HOSTS = ['claude-desktop', 'claude-code', 'cursor', 'gemini', 'windsurf'];
const shownSchema = z.object({ snippet: z.string() });
const scanSchema = z.object({ results: z.array(z.looseObject({ findings: z.array(z.looseObject({})) })) });

/** Our own mcp.json, and what `setup` shows for hosts. @param {string} modules */
async function scan(modules) {
  const home = mkdtempSync(join(tmpdir(), 'lightdom-scan-'));
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
  try {
    const configs = [join(ROOT, 'mcp.json')];
    for (const host of SCANNED_HOSTS) {
      const { out } = await runClient([join(ROOT, 'dist/bin/lightdom.js'), 'setup', host, '--json'], { env });
      const file = join(home, `${host}.json`);
      writeFileSync(file, shownSchema.parse(JSON.parse(out)).snippet);
      configs.push(file);
    }
    for (const config of configs) {
      const args = [join(modules, 'mcp-scan/dist/index.js'), 'ci', '--offline', '--max-severity', 'info', '-c', config];
      const { status, out, error } = await runClient(args, { env });
      const { results } = scanSchema.parse(JSON.parse(out));
      const findings = results.flatMap((result) => result.findings);
      if (status !== 0 || findings.length > 0 || results.length === 0) {
        return `${config}: ended with ${status}, ${results.length} servers, ${JSON.stringify(findings)} ${error}`;
      }
    }
    return undefined;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
