import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

/** The one that runs, the one before, and one more to look at. */
const MAX_KEPT = 3;

const releaseSchema = z.object({
  deploymentId: z.string(),
  folder: z.string(),
  /** Of the lockfile: another one means other packages. */
  lock: z.string(),
  /** What the master was started with; no secrets. */
  options: z.array(z.string()),
  commit: z.string(),
});

/** @typedef {z.output<typeof releaseSchema>} Release */

/** The builds of one environment. Their packages are those of the checkout they were built in. */
export class ReleaseStore {
  #folder;
  #currentFile;

  /** @param {string} home */
  constructor(home) {
    this.#folder = join(home, 'releases');
    this.#currentFile = join(home, 'current.json');
  }

  /**
   * The one that became ready last.
   * @returns {Release | undefined}
   */
  findCurrent() {
    if (!existsSync(this.#currentFile)) return undefined;
    const found = releaseSchema.safeParse(JSON.parse(readFileSync(this.#currentFile, 'utf8'))).data;
    return found !== undefined && existsSync(found.folder) ? found : undefined;
  }

  /**
   * What a release of a checkout will be.
   * @param {{ deploymentId: string, root: string, options: readonly string[], commit: string }} made
   * @returns {Release}
   */
  place({ deploymentId, root, options, commit }) {
    const folder = join(this.#folder, deploymentId);
    return { deploymentId, folder, lock: lockOf(root), options: [...options], commit };
  }

  /**
   * Puts a built checkout aside, so that the next build does not change what runs.
   * @param {Release} release
   * @param {string} root
   */
  fill({ folder }, root) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of ['dist', 'package.json', 'package-lock.json']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  }

  /**
   * Whether its packages are still those that it was built with.
   * @param {Release} release
   * @param {string} root
   */
  hasItsPackages(release, root) {
    return release.lock === lockOf(root);
  }

  /**
   * Nobody ever reads half a file. Old releases go.
   * @param {Release} release
   */
  setCurrent(release) {
    const former = this.findCurrent();
    const draft = `${this.#currentFile}.draft`;
    writeFileSync(draft, `${JSON.stringify(release, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#currentFile);
    const kept = new Set([release.folder, former?.folder]);
    const old = readdirSync(this.#folder)
      .map((name) => join(this.#folder, name))
      .filter((folder) => !kept.has(folder))
      .toSorted();
    for (const folder of old.slice(0, Math.max(0, old.length + kept.size - MAX_KEPT))) this.remove(folder);
  }

  /** @param {string} folder */
  remove(folder) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} root */
function lockOf(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}
