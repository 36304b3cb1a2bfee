export interface QuotaLimits {
  /** Requests of one principal, on average; as many may come at once after a minute of silence. */
  readonly perMinute: number;
  /** Requests of one principal that are at work. */
  readonly maxConcurrent: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

export const DEFAULT_QUOTA: QuotaLimits = { perMinute: 6_000, maxConcurrent: 64 };

/** Those who were silent for long are forgotten first: their bucket is full again anyway. */
const MAX_PRINCIPALS = 10_000;

/**
 * A token bucket and a count of requests at work for each principal. Not a plugin of the framework: those count by time
 * windows before it is known who asks, and know nothing of concurrency.
 */
export class RequestQuota {
  readonly #limits: QuotaLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { level: number; at: number }>();
  readonly #atWork = new Map<string, number>();

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
    this.#now = limits.now ?? (() => performance.now());
  }

  /** 0 when the request may go on, else seconds until the next one may. */
  take(principal: string): number {
    const { perMinute } = this.#limits;
    const at = this.#now();
    const last = this.#buckets.get(principal) ?? { level: perMinute, at };
    const level = Math.min(perMinute, last.level + ((at - last.at) * perMinute) / 60_000);
    this.#buckets.delete(principal);
    this.#buckets.set(principal, { level: level < 1 ? level : level - 1, at });
    this.#forgetOldest();
    return level < 1 ? Math.max(1, Math.ceil(((1 - level) * 60) / perMinute)) : 0;
  }

  /** Takes a place for a request; undefined when there is none. Give it back by calling what is returned, once. */
  enter(principal: string): (() => void) | undefined {
    const before = this.#atWork.get(principal) ?? 0;
    if (before >= this.#limits.maxConcurrent) return undefined;
    this.#atWork.set(principal, before + 1);
    return () => {
      const left = (this.#atWork.get(principal) ?? 1) - 1;
      if (left === 0) this.#atWork.delete(principal);
      else this.#atWork.set(principal, left);
    };
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= MAX_PRINCIPALS) return;
    for (const principal of this.#buckets.keys()) {
      this.#buckets.delete(principal);
      return;
    }
  }
}
