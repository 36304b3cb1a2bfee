import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/bin/lightdom.js', import.meta.url));

/** What a worker needs of our environment; nothing of it configures LightDom. */
const KEPT_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
const KEPT_LINES = 40;

/** One `lightdom worker`, as a user starts it. */
export class WorkerProcess {
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  /** @type {string[]} */
  #lines = [];
  hasBegun = false;
  /** Resolves when it executes runs, or has ended before. @type {Promise<unknown>} */
  ready;
  /** Resolves with its exit code or the name of the signal. @type {Promise<number | string>} */
  exited;

  /**
   * @param {string} databaseUrl
   * @param {string} dataDir
   */
  constructor(databaseUrl, dataDir) {
    const args = [MAIN, 'worker', '--data-dir', dataDir, '--log-level', 'warn', '--json'];
    const child = spawn(process.execPath, args, {
      env: { ...keptEnvironment(), DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text) => this.#keep(String(text)));
    this.exited = once(child, 'close').then(() => child.signalCode ?? child.exitCode ?? 'nothing');
    // It prints its id when it has begun.
    child.stdout.on('data', () => (this.hasBegun = true));
    this.ready = Promise.race([once(child.stdout, 'data'), this.exited]);
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines of its log. */
  get lines() {
    return this.#lines;
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    if (this.isAlive) this.#child.kill(signal);
  }

  /** @param {string} text */
  #keep(text) {
    this.#lines = [...this.#lines, ...text.split('\n').filter((line) => line !== '')].slice(-KEPT_LINES);
  }
}

function keptEnvironment() {
  return Object.fromEntries(KEPT_VARIABLES.map((name) => [name, process.env[name]]));
}
