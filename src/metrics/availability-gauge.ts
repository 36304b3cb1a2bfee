import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { AvailabilityFacts } from './metric-sources.ts';

/** It is read from the history of each service, and changes slowly. */
const KNOWN_FOR_MS = 60_000;

/** The share of the time in which services were ready. */
export class AvailabilityGauge {
  readonly #gauge: Gauge<'service' | 'window'>;
  readonly #now: () => number;
  #read: { readonly atMs: number; readonly done: Promise<void> } | undefined;

  constructor(registry: Registry, now: () => number) {
    this.#now = now;
    this.#gauge = new Gauge({
      name: 'lightdom_service_availability_ratio',
      help: 'Of the time of the window in which a service was meant to run, the part in which it was ready.',
      labelNames: ['service', 'window'],
      registers: [registry],
    });
  }

  /** Other sources: what is known is of nobody any more. */
  forget(): void {
    this.#read = undefined;
    this.#gauge.reset();
  }

  /** Reads it when it is too old; whoever comes meanwhile waits for the same. What can't be read stays as it was. */
  refresh(read: () => Promise<readonly AvailabilityFacts[]>): Promise<void> {
    const known = this.#read;
    if (known !== undefined && this.#now() - known.atMs < KNOWN_FOR_MS) return known.done;
    const done = read().then(
      (facts) => this.#set(facts),
      () => {},
    );
    this.#read = { atMs: this.#now(), done };
    return done;
  }

  #set(facts: readonly AvailabilityFacts[]): void {
    this.#gauge.reset();
    for (const { service, window, ratio } of facts) this.#gauge.set({ service, window }, ratio);
  }
}
