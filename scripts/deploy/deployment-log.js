import { appendFileSync } from 'node:fs';

/**
 * @typedef {'done' | 'failed' | 'skipped' | 'rolled_back'} StepStatus
 *
 * @typedef {object} LogEntry
 * @property {string} deploymentId
 * @property {string} environment
 * @property {string} timestamp ISO 8601, when it ended
 * @property {string} step
 * @property {StepStatus} status
 * @property {number} durationMs
 * @property {string} detail never holds a secret: it is made of our own words, paths and addresses
 */

/** What a step throws to say why the deployment can't go on. */
export class StepFailed extends Error {}

/** The steps of one deployment, a line of JSON each, in a file that can be followed. */
export class DeploymentLog {
  /** @type {Pick<LogEntry, 'deploymentId' | 'environment'>} */
  #about;
  /** @type {string | undefined} */
  #file;
  /** @type {(entry: LogEntry) => void} */
  #show;

  /**
   * @param {Pick<LogEntry, 'deploymentId' | 'environment'>} about
   * @param {{ file: string | undefined, show: (entry: LogEntry) => void }} to without a file nothing is kept
   */
  constructor(about, { file, show }) {
    this.#about = about;
    this.#file = file;
    this.#show = show;
  }

  /**
   * Does one step and writes down what came of it.
   * @param {string} step
   * @param {() => Promise<string> | string} work returns what there is to say
   */
  async step(step, work) {
    const beganMs = performance.now();
    try {
      this.write({ step, status: 'done', beganMs, detail: await work() });
    } catch (error) {
      this.write({ step, status: 'failed', beganMs, detail: reasonOf(error) });
      throw error;
    }
  }

  /**
   * @param {string} step
   * @param {string} detail
   */
  skip(step, detail) {
    this.write({ step, status: 'skipped', beganMs: performance.now(), detail });
  }

  /** @param {{ step: string, status: StepStatus, beganMs: number, detail: string }} about */
  write({ step, status, beganMs, detail }) {
    const durationMs = Math.round(performance.now() - beganMs);
    const entry = { ...this.#about, timestamp: new Date().toISOString(), step, status, durationMs, detail };
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    this.#show(entry);
  }
}

/**
 * Only what we say ourselves: the text of any other error could hold an address with its password.
 * @param {unknown} error
 */
function reasonOf(error) {
  return error instanceof StepFailed ? error.message : 'an unexpected error, shown by the command';
}
