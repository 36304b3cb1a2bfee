import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { FIX_GRADES } from './fixer.ts';
import type { Fix, Fixer, FixPlace, FixTarget } from './fixer.ts';

export interface FixerSetDeps {
  /** In the order in which they are asked; of the same fix the first one stays. */
  readonly fixers: readonly Fixer[];
  readonly log: Pick<Log, 'warn'>;
}

/** All fixers as one. */
export class FixerSet {
  readonly #fixers: readonly Fixer[];
  readonly #log: Pick<Log, 'warn'>;

  constructor({ fixers, log }: FixerSetDeps) {
    this.#fixers = fixers;
    this.#log = log;
  }

  /** Names of those that may know something. */
  namesFor(target: FixTarget): readonly string[] {
    return this.#fixers.filter((fixer) => fixer.canFix(target)).map(({ name }) => name);
  }

  /**
   * What the fixers that can mend it offer: those that may go furthest by themselves first, then in the order of the fixers
   * and of their own answers; the same edits once. One that fails is logged, and takes nothing from the others. Throws
   * what the signal of the place is aborted with.
   */
  async fixesFor(target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
    const found: Fix[] = [];
    for (const fixer of this.#fixers) {
      place.signal.throwIfAborted();
      if (fixer.canFix(target)) found.push(...(await this.#ask(fixer, target, place)));
    }
    return merged(found).toSorted((a, b) => FIX_GRADES.indexOf(a.grade) - FIX_GRADES.indexOf(b.grade));
  }

  async close(): Promise<void> {
    await Promise.all(this.#fixers.map((fixer) => fixer.close()));
  }

  async #ask(fixer: Fixer, target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
    try {
      return await fixer.fix(target, place);
    } catch (error) {
      place.signal.throwIfAborted();
      const { rule, path } = target;
      this.#log.warn({ fixer: fixer.name, rule, path, reason: messageOf(error) }, 'A fixer failed');
      return [];
    }
  }
}

/** Of fixes with the same edits the first of the boldest grade, with the evidence of all. */
function merged(fixes: readonly Fix[]): Fix[] {
  const byEdits = new Map<string, Fix>();
  for (const fix of fixes.filter(({ edits }) => edits.length > 0)) {
    const key = JSON.stringify(fix.edits.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
    const known = byEdits.get(key);
    if (known === undefined) {
      byEdits.set(key, fix);
      continue;
    }
    const evidence = [...new Set([...known.evidence, `${fix.fixer}: ${fix.title}`, ...fix.evidence])];
    const isBolder = FIX_GRADES.indexOf(fix.grade) < FIX_GRADES.indexOf(known.grade);
    byEdits.set(key, { ...(isBolder ? fix : known), evidence });
  }
  return [...byEdits.values()];
}
