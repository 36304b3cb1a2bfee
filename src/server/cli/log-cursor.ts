import type { ServiceLine } from '../../supervisor/index.ts';

/**
 * Where somebody is who reads logs again and again. Lines are asked for by time, to the millisecond: those of the last one
 * are asked for once more, and left out as far as they were had.
 */
export class LogCursor {
  #lastAt: string | undefined;
  /** Lines of that millisecond, by service. */
  #had = new Map<string, number>();

  /** For the next question; undefined before the first line. */
  get since(): string | undefined {
    return this.#lastAt === undefined ? undefined : new Date(Date.parse(this.#lastAt) - 1).toISOString();
  }

  /** The new ones among `lines`, which are in the order of their time. */
  take(lines: readonly ServiceLine[]): readonly ServiceLine[] {
    const seen = new Map<string, number>();
    const fresh = lines.filter(({ at, service }) => {
      if (at !== this.#lastAt) return true;
      const count = (seen.get(service) ?? 0) + 1;
      seen.set(service, count);
      return count > (this.#had.get(service) ?? 0);
    });
    const lastAt = lines.at(-1)?.at;
    if (lastAt === undefined) return fresh;
    this.#lastAt = lastAt;
    this.#had = new Map();
    for (const { at, service } of lines) if (at === lastAt) this.#had.set(service, (this.#had.get(service) ?? 0) + 1);
    return fresh;
  }
}
