import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';

const usageSchema = z.object({
  ownCpuSeconds: z.number(),
  childCpuSeconds: z.number().nullable(),
  peakRssMb: z.number(),
});

/**
 * @typedef {object} Measured one run of a Node program as a process of its own
 * @property {number} cpuSeconds user and system time of all threads and waited-for children
 * @property {number} wallSeconds from spawn to exit
 * @property {number} peakRssMb of the process itself, without children
 * @property {string} stdout
 */

/**
 * Runs `node args` and measures it from outside (wall) and from inside (CPU, memory). Throws when it fails.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<Measured>}
 */
export async function measureNode(args, cwd) {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-bench-'));
  try {
    const usageFile = join(folder, 'usage.json');
    const hook = new URL('./report-usage.js', import.meta.url).href;
    const startedAt = performance.now();
    const stdout = await runNode(['--import', hook, ...args], { cwd, usageFile });
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const usage = usageSchema.parse(JSON.parse(readFileSync(usageFile, 'utf8')));
    const cpuSeconds = usage.ownCpuSeconds + (usage.childCpuSeconds ?? 0);
    return { cpuSeconds, wallSeconds, peakRssMb: usage.peakRssMb, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} args
 * @param {{ cwd: string, usageFile: string }} options
 * @returns {Promise<string>} what it printed to stdout
 */
function runNode(args, { cwd, usageFile }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, BENCH_USAGE_FILE: usageFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`node ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`));
    });
  });
}

/**
 * @param {readonly number[]} values
 * @returns {{ median: number, min: number, max: number }}
 */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
