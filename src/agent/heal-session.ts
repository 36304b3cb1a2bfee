import type { Checkout } from '../checkouts/index.ts';
import type { Fix, FixTarget } from '../fixers/index.ts';
import type { CheckoutSource, FixSource, PriorTexts } from './heal-ports.ts';

export interface HealSessionDeps {
  readonly checkouts: CheckoutSource;
  readonly fixers: FixSource;
  readonly priorTexts: PriorTexts;
}

export interface HealSessionPlace {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** What all attempts begin as; the commit that is checked out without it. */
  readonly base?: string | undefined;
  readonly signal: AbortSignal;
}

const PROGRAM_MEMORY_MB = 4_096;

/**
 * The attempts of one run. What is wrong is looked at in one checkout of the base commit, which nobody writes, so that
 * compilers stay warm; each attempt is made in a checkout of its own.
 */
export class HealSession {
  readonly #deps: HealSessionDeps;
  readonly #place: HealSessionPlace;
  #base: Promise<Checkout> | undefined;

  constructor(deps: HealSessionDeps, place: HealSessionPlace) {
    this.#deps = deps;
    this.#place = place;
  }

  /** The checkout of the base commit. It is for reading. */
  base(): Promise<Checkout> {
    const { workspace, base, signal } = this.#place;
    this.#base ??= this.#deps.checkouts.open({ workspace, base, signal });
    return this.#base;
  }

  /** What could mend it at the base commit, best first. */
  async fixesFor(target: FixTarget): Promise<readonly Fix[]> {
    const { signal } = this.#place;
    const base = await this.base();
    return this.#deps.fixers.fixesFor(target, {
      root: base.root,
      signal,
      priorTexts: (path) => this.#deps.priorTexts({ folder: base.root, path, signal }),
      run: async ({ file, args, timeoutMs }) => {
        const program = { file, args, timeoutMs, maxMemoryMb: PROGRAM_MEMORY_MB, signal };
        const { exitCode, stdout, stderr } = await base.run(program);
        return { exitCode, stdout, stderr };
      },
    });
  }

  /** A checkout of its own for one attempt. The caller closes it. */
  async attemptIn(branch: string): Promise<Checkout> {
    const { workspace, signal } = this.#place;
    const { baseCommit } = await this.base();
    return this.#deps.checkouts.open({ workspace, base: baseCommit, branch, signal });
  }

  async close(): Promise<void> {
    const base = this.#base;
    this.#base = undefined;
    // One that could not be opened has nothing to close.
    await (await base?.catch(() => undefined))?.close();
  }
}
