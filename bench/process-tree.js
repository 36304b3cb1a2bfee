import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { cpuOf } from './runs/meters.js';

/** Names the processes of one measurement, whoever their parent is by then. */
const MARK = 'BENCH_PROCESS_MARK';
const SAMPLE_MS = 200;
const LAST_CHARACTERS = 2000;

/**
 * @typedef {object} TreeUse one run of a program with all the processes that it starts
 * @property {number} cpuSeconds user and system time of all of them, also of those that it leaves running
 * @property {number} wallSeconds from spawn to exit of the program itself
 * @property {number} peakRssMb of all together, looked at five times a second: memory that they share counts for each
 * @property {number} left processes that it left running, which were ended
 * @property {string} stdout
 */

/**
 * Runs a program and measures it with all its descendants. One at a time: the time of children that have ended is that of
 * this whole process. Throws when the program fails, and where there is no /proc.
 * @param {readonly string[]} command
 * @param {{ cwd: string, env?: Readonly<Record<string, string>> }} options
 * @returns {Promise<TreeUse>}
 */
export async function measureTree(command, { cwd, env = {} }) {
  if (process.platform !== 'linux') throw new Error('CPU of whole process trees is only measured on Linux.');
  const mark = markedProcesses();
  let peakRssMb = 0;
  const sampler = setInterval(() => {
    const together = mark.pids().reduce((sum, pid) => sum + rssMbOf(pid), 0);
    peakRssMb = Math.max(peakRssMb, together);
  }, SAMPLE_MS);
  const childrenBefore = childSeconds();
  const startedAt = performance.now();
  try {
    const stdout = await output(command, { cwd, env: { ...process.env, ...env, ...mark.env } });
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const left = mark.pids();
    const cpuSeconds = childSeconds() - childrenBefore + cpuOf(left);
    return { cpuSeconds, wallSeconds, peakRssMb, left: left.length, stdout };
  } finally {
    clearInterval(sampler);
    mark.end();
  }
}

/** Processes that are started with `env`, and all that they start: to find them and to end them, whoever they belong to then. */
export function markedProcesses() {
  const mark = randomUUID();
  const pids = () => (process.platform === 'linux' ? marked(mark) : []);
  return {
    env: { [MARK]: mark },
    pids,
    end: () => {
      for (const pid of pids()) end(pid);
    },
  };
}

/**
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>}
 */
function output([program = '', ...args], { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let tail = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (tail = (tail + chunk).slice(-LAST_CHARACTERS)));
    child.once('error', reject);
    // Not `close`: what it leaves running holds its output open.
    child.once('exit', (code) => {
      if (code === 0) setImmediate(() => resolve(stdout));
      else reject(new Error(`${args.join(' ')} ended with ${code}:\n${stdout.slice(-LAST_CHARACTERS)}${tail}`));
    });
  });
}

/**
 * Processes that have the mark in their environment, and those below them, which may have been given another environment.
 * @param {string} mark
 * @returns {number[]}
 */
function marked(mark) {
  const parents = new Map(processIds().map((pid) => [pid, Number(read(pid, 'stat').split(') ')[1]?.split(' ')[1])]));
  const found = new Set([...parents.keys()].filter((pid) => read(pid, 'environ').includes(`${MARK}=${mark}`)));
  let size = -1;
  while (size !== found.size) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function processIds() {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** @param {number} pid */
function rssMbOf(pid) {
  return Number(/^VmRSS:\s*(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1024;
}

/** @param {number} pid @param {string} file */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number} pid */
function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Of the children of this process that have ended, with theirs. */
function childSeconds() {
  const { own, all } = { own: process.cpuUsage(), all: cpuOf([process.pid]) };
  return all - (own.user + own.system) / 1e6;
}
