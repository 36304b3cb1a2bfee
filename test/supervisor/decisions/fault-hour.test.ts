import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../src/supervisor/decisions/availability.ts';
import type { StateChange } from '../../../src/supervisor/decisions/availability.ts';
import { countAnswer, NO_ANSWERS } from '../../../src/supervisor/decisions/probe-counter.ts';
import { serviceSchema } from '../../../src/supervisor/manifest/manifest-schema.ts';
import { DrivenMachine } from './machine-fixture.ts';

const HOUR_MS = 3_600_000;
const TICK_MS = 10;
const MINUTE_MS = 60_000;

/** The defaults of a manifest. */
const BACKOFF = serviceSchema.parse({ command: 'x' }).backoff;

type Fault = 'crash' | 'hang' | 'blip' | 'slow';

/** A service in a world with a clock of its own: 250 ms to start, asked each 100 ms, killed 50 ms after it is told to stop. */
class FaultyWorld {
  readonly #service = new DrivenMachine({ hasStartup: true, hasReadiness: true, backoff: BACKOFF }, pseudoRandom(11));
  readonly rows: StateChange[] = [];
  /** What a user would have seen, whatever the states say. */
  answeredMs = 0;
  #nowMs = 0;
  #upAtMs = Infinity;
  #endsAtMs = Infinity;
  #dueAtMs = Infinity;
  #startMs = 250;
  #blipUntilMs = 0;
  #isHung = false;
  #readiness = NO_ANSWERS;
  #liveness = NO_ANSWERS;

  run(faults: ReadonlyMap<number, Fault>): void {
    this.#tell('start');
    for (; this.#nowMs < HOUR_MS; this.#nowMs += TICK_MS) {
      const fault = faults.get(this.#nowMs);
      if (fault !== undefined) this.#inflict(fault);
      this.#pass();
      if (this.#doesAnswer()) this.answeredMs += TICK_MS;
    }
  }

  #inflict(fault: Fault): void {
    if (fault === 'slow') this.#startMs = 700;
    if (fault === 'hang') this.#isHung = true;
    if (fault === 'blip') this.#blipUntilMs = this.#nowMs + 250;
    if (fault === 'crash' || fault === 'slow') this.#end();
  }

  #pass(): void {
    if (this.#nowMs >= this.#endsAtMs) this.#end();
    if (this.#nowMs >= this.#dueAtMs) {
      this.#dueAtMs = Infinity;
      this.#tell('due');
    }
    if (this.#nowMs === this.#upAtMs) this.#tell('startupPassed');
    if (this.#nowMs % 100 === 0 && this.#nowMs >= this.#upAtMs) this.#ask();
  }

  #ask(): void {
    const readiness = countAnswer(this.#readiness, this.#doesAnswer(), { successThreshold: 1, failureThreshold: 1 });
    this.#readiness = readiness.counter;
    if (readiness.verdict !== undefined) this.#tell(readiness.verdict === 'passed' ? 'ready' : 'unready');
    const liveness = countAnswer(this.#liveness, !this.#isHung, { successThreshold: 1, failureThreshold: 3 });
    this.#liveness = liveness.counter;
    if (liveness.verdict === 'failed') this.#tell('unwell');
  }

  #doesAnswer(): boolean {
    return this.#nowMs >= this.#upAtMs && !this.#isHung && this.#nowMs >= this.#blipUntilMs;
  }

  #end(): void {
    this.#upAtMs = Infinity;
    this.#endsAtMs = Infinity;
    this.#isHung = false;
    this.#readiness = NO_ANSWERS;
    this.#liveness = NO_ANSWERS;
    this.#tell('exited');
  }

  #tell(type: Parameters<DrivenMachine['tell']>[0]): void {
    const before = this.#service.changes.length;
    for (const effect of this.#service.tell(type, this.#nowMs)) {
      if (effect.type === 'launch') this.#launch();
      if (effect.type === 'halt') this.#endsAtMs = this.#nowMs + 50;
      if (effect.type === 'wait') this.#dueAtMs = this.#nowMs + effect.ms;
    }
    const changes = this.#service.changes.slice(before);
    this.rows.push(...changes.map(({ to, isWanted }) => ({ state: to, isWanted, atMs: this.#nowMs })));
  }

  #launch(): void {
    this.#upAtMs = this.#nowMs + Math.ceil(this.#startMs / TICK_MS) * TICK_MS;
    this.#startMs = 250;
    this.#tell('launched');
  }
}

function pseudoRandom(first: number): () => number {
  let seed = first;
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('an hour of faults', () => {
  it('leaves a service available for at least 99.9 % of it, by its rows and by what a user sees', () => {
    const faults = new Map<number, Fault>([
      [12 * MINUTE_MS, 'hang'],
      [20 * MINUTE_MS, 'blip'],
      [27 * MINUTE_MS, 'crash'],
      [27 * MINUTE_MS + 2_000, 'crash'],
      [40 * MINUTE_MS, 'slow'],

      [57 * MINUTE_MS, 'crash'],
    ]);
    const world = new FaultyWorld();
    world.run(faults);
    const { ratio = 0, wantedMs } = availabilityOf(world.rows, { fromMs: 0, toMs: HOUR_MS });
    expect(wantedMs).toBe(HOUR_MS);
    expect(ratio).toBeGreaterThanOrEqual(0.999);
    expect(ratio).toBeLessThan(1);
    expect(world.answeredMs / HOUR_MS).toBeGreaterThanOrEqual(0.999);
    expect(Math.abs(world.answeredMs / HOUR_MS - ratio)).toBeLessThan(0.0005);
    const names = new Set(world.rows.map(({ state }) => state));
    for (const state of ['unready', 'stopping', 'backoff', 'ready'] as const) expect(names).toContain(state);
  });

  it('shows a service that fails all the time for what it is', () => {
    const world = new FaultyWorld();
    world.run(new Map(Array.from({ length: 120 }, (_, at) => [at * 30_000, 'crash'])));
    const all = availabilityOf(world.rows, { fromMs: 0, toMs: HOUR_MS });
    expect(all.ratio).toBeLessThan(0.999);
    expect(world.rows.filter(({ state }) => state === 'starting').length).toBeGreaterThan(50);
  });
});
