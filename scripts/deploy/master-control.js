import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { StepFailed } from './deployment-log.js';

/**
 * @typedef {object} MasterPlace
 * @property {string} dataDir
 * @property {string} logFile what the master says is appended to it
 * @property {Record<string, string | undefined>} variables
 *
 * @typedef {{ pid: number | undefined, exited: Promise<string> }} StartedMaster
 */

const POLL_MS = 200;
/** More than a master takes to hand over what it does. */
const STOP_MS = 45_000;
const ENTRY = 'dist/bin/lightdom.js';
const ownerSchema = z.object({ pid: z.number(), url: z.string().optional() });

/** The master of one data folder, started and stopped as a user would. */
export class MasterControl {
  #place;

  /** @param {MasterPlace} place */
  constructor(place) {
    this.#place = place;
  }

  /**
   * One command of a build to its end. Throws with its complaint, in which addresses are masked already.
   * @param {string} build
   * @param {readonly string[]} args
   * @returns {string} what it printed
   */
  command(build, args) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(build, ENTRY), ...args], {
      encoding: 'utf8',
      env: this.#place.variables,
    });
    if (status === 0) return stdout;
    throw new StepFailed(`lightdom ${args[0]} failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
  }

  /**
   * Ends the master that runs on the data folder, in order.
   * @param {string} build
   * @param {readonly string[]} options
   * @returns {number | undefined} its pid; undefined where none ran
   */
  stop(build, options) {
    const answer = this.command(build, ['stop', '--json', ...options]);
    return z.object({ pid: z.number().optional() }).parse(JSON.parse(answer)).pid;
  }

  /**
   * Starts a build so that it outlives us.
   * @param {string} build
   * @param {readonly string[]} options
   * @returns {StartedMaster}
   */
  start(build, options) {
    const { logFile, variables } = this.#place;
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn(process.execPath, [join(build, ENTRY), 'start', ...options], {
        cwd: build,
        detached: true,
        env: variables,
        stdio: ['ignore', log, log],
      });
      child.unref();
      /** @type {Promise<string>} */
      const exited = new Promise((resolve) => {
        child.once('error', () => resolve('could not be started'));
        child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
      });
      return { pid: child.pid, exited };
    } finally {
      closeSync(log);
    }
  }

  /**
   * Ends one that we started, in order where it lets us.
   * @param {StartedMaster} master
   * @returns {Promise<string>} how it ended
   */
  async end({ pid, exited }) {
    const send = (/** @type {NodeJS.Signals} */ signal) => {
      // Gone already is as good.
      if (pid !== undefined && isAlive(pid)) process.kill(pid, signal);
    };
    send('SIGTERM');
    const timer = setTimeout(() => send('SIGKILL'), STOP_MS);
    const how = await exited;
    clearTimeout(timer);
    return how;
  }

  /**
   * Waits until the started master, and no other, says that it is ready.
   * @param {StartedMaster} master
   * @param {number} timeoutMs
   * @returns {Promise<string>} its address
   */
  async untilReady({ pid, exited }, timeoutMs) {
    /** @type {string | undefined} */
    let ended;
    void exited.then((how) => (ended = how));
    for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await delay(POLL_MS)) {
      if (ended !== undefined) throw new StepFailed(`the master ${ended}; see ${this.#place.logFile}`);
      const owner = this.#findOwner();
      if (owner?.pid === pid && owner?.url !== undefined && (await isReady(owner.url))) return owner.url;
    }
    throw new StepFailed(`the master is not ready after ${timeoutMs / 1000} s; see ${this.#place.logFile}`);
  }

  #findOwner() {
    try {
      return ownerSchema.parse(JSON.parse(readFileSync(join(this.#place.dataDir, 'master.json'), 'utf8')));
    } catch {
      return undefined;
    }
  }
}

/** @param {string} url */
async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
