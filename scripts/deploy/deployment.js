import { StepFailed } from './deployment-log.js';

/**
 * @typedef {import('./environments.js').DeployedEnvironment} DeployedEnvironment
 * @typedef {import('./release-store.js').Release} Release
 *
 * @typedef {object} DeploymentOptions
 * @property {string} deploymentId
 * @property {DeployedEnvironment} environment
 * @property {readonly string[]} masterOptions
 * @property {boolean} isBuilt nothing is built
 * @property {boolean} isTested nothing is tested
 * @property {boolean} isDirtyAllowed
 * @property {number} readyTimeoutMs
 *
 * @typedef {object} DeploymentParts
 * @property {import('./deployment-log.js').DeploymentLog} log
 * @property {import('./checkout.js').Checkout} checkout
 * @property {import('./release-store.js').ReleaseStore} releases
 * @property {import('./master-control.js').MasterControl} master
 *
 * @typedef {'done' | 'failed' | 'rolled_back'} Outcome
 */

const VITEST = 'node_modules/vitest/vitest.mjs';

/** One deployment: up to the stop of the former master nothing that runs is touched; after it, a failure is rolled back. */
export class Deployment {
  #options;
  #parts;
  /** What somebody has to know when it ends here. */
  #standing = 'nothing that runs was touched';
  /** @type {import('./master-control.js').StartedMaster | undefined} */
  #started;

  /**
   * @param {DeploymentOptions} options
   * @param {DeploymentParts} parts
   */
  constructor(options, parts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    const beganMs = performance.now();
    const { log } = this.#parts;
    /** @type {Outcome} */
    let status = 'failed';
    try {
      await this.#prepare();
      status = await this.#exchange();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    } finally {
      log.write({ step: 'deployment', status, beganMs, detail: this.#standing });
    }
    return status;
  }

  async #prepare() {
    const { log, checkout, master } = this.#parts;
    const { environment, masterOptions, isBuilt, isTested, isDirtyAllowed } = this.#options;
    await log.step('check', () => checkout.check({ needsClean: environment.isStrict && !isDirtyAllowed }));
    if (isBuilt) log.skip('build', '--skip-build: dist is taken as it is');
    else await log.step('build', () => checkout.run('build', ['scripts/build.js']));
    if (!environment.isStrict) log.skip('test', `not for ${environment.name}`);
    else if (isTested) log.skip('test', '--skip-tests');
    else await log.step('test', () => checkout.run('unit tests', [VITEST, 'run', '--project', 'unit']));
    await log.step('doctor', () => {
      master.command(checkout.root, ['doctor', '--json', ...masterOptions]);
      return 'nothing is missing';
    });
  }

  /** @returns {Promise<Outcome>} */
  async #exchange() {
    const { log, checkout, releases, master } = this.#parts;
    const { deploymentId, masterOptions } = this.#options;
    const former = releases.findCurrent();
    const commit = checkout.commit();
    const release = releases.place({ deploymentId, root: checkout.root, options: masterOptions, commit });
    await log.step('release', () => {
      releases.fill(release, checkout.root);
      return release.folder;
    });
    this.#standing = 'the former master may be on its way down: lightdom status tells';
    await log.step('stop', () => {
      const pid = master.stop(release.folder, masterOptions);
      return pid === undefined ? 'no master ran' : `stopped pid ${pid}`;
    });
    this.#standing = 'no master runs';
    try {
      const url = await this.#start('start', release);
      releases.setCurrent(release);
      this.#standing = `${url} runs ${commit}`;
      return 'done';
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      return this.#rollBack(release, former);
    }
  }

  /**
   * @param {string} step
   * @param {Release} release
   */
  async #start(step, release) {
    const { log, master } = this.#parts;
    let url = '';
    await log.step(step, async () => {
      this.#started = master.start(release.folder, release.options);
      url = await master.untilReady(this.#started, this.#options.readyTimeoutMs);
      return `pid ${this.#started.pid} is ready at ${url}`;
    });
    return url;
  }

  /**
   * @param {Release} failed
   * @param {Release | undefined} former
   * @returns {Promise<Outcome>}
   */
  async #rollBack(failed, former) {
    const { log, checkout, releases } = this.#parts;
    await log.step('end failed', () => this.#end());
    releases.remove(failed.folder);
    if (former === undefined) {
      log.skip('roll back', 'there is no former release');
      return 'failed';
    }
    const url = await this.#start('roll back', former).catch(async (/** @type {unknown} */ error) => {
      await this.#end();
      throw error;
    });
    const packages = releases.hasItsPackages(former, checkout.root) ? '' : ', on packages of another lockfile';
    this.#standing = `${url} runs ${former.commit} again${packages}`;
    return 'rolled_back';
  }

  async #end() {
    const how = this.#started === undefined ? 'never began' : await this.#parts.master.end(this.#started);
    return `the master ${how}`;
  }
}
