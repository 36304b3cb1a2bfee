import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { StepFailed } from './deployment-log.js';

const manifestSchema = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+$/) }) });

/** The folder with the sources that are deployed. */
export class Checkout {
  /** @param {string} root */
  constructor(root) {
    this.root = root;
  }

  /** The commit, or that there is none. */
  commit() {
    return this.#git(['rev-parse', '--short=12', 'HEAD']) ?? 'no commit';
  }

  /**
   * Throws where this machine, or what is checked out, is not fit to be deployed.
   * @param {{ needsClean: boolean }} rules
   * @returns {string} what it found
   */
  check({ needsClean }) {
    const { engines } = manifestSchema.parse(JSON.parse(readFileSync(join(this.root, 'package.json'), 'utf8')));
    const oldest = engines.node.slice(2);
    if (process.versions.node.localeCompare(oldest, 'en', { numeric: true }) < 0) {
      throw new StepFailed(`Node ${process.versions.node} is older than ${oldest}`);
    }
    const changed = this.#git(['status', '--porcelain']);
    const count = changed === undefined || changed === '' ? 0 : changed.split('\n').length;
    if (needsClean && changed === undefined) throw new StepFailed(`${this.root} is no git checkout`);
    if (needsClean && count > 0) {
      throw new StepFailed(`${count} files are not committed; commit them, or say --allow-dirty`);
    }
    return `Node ${process.versions.node}, ${this.commit()}, ${count} files not committed`;
  }

  /**
   * Runs one of our programs to its end. Throws when it fails, with what it said on our stderr.
   * @param {string} title
   * @param {readonly string[]} args of node
   */
  run(title, args) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { cwd: this.root, encoding: 'utf8' });
    if (status === 0) return `${title}: ok`;
    process.stderr.write(`${stdout}${stderr}`);
    throw new StepFailed(`${title} failed with code ${status}`);
  }

  /** @param {readonly string[]} args */
  #git(args) {
    const { status, stdout } = spawnSync('git', [...args], { cwd: this.root, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  }
}
