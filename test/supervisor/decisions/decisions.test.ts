import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../src/supervisor/decisions/availability.ts';
import { countAnswer, NO_ANSWERS } from '../../../src/supervisor/decisions/probe-counter.ts';
import { backoffMs } from '../../../src/supervisor/decisions/restart-policy.ts';
import { cyclesOf, startLayers } from '../../../src/supervisor/decisions/start-layers.ts';

const services = (text: Readonly<Record<string, string>>) =>
  Object.entries(text).map(([name, needs]) => ({
    name,
    dependsOn: Object.fromEntries(
      needs
        .split(' ')
        .filter(Boolean)
        .map((other) => [other, {}]),
    ),
  }));
const layersOf = (text: Readonly<Record<string, string>>) =>
  startLayers(services(text)).map((layer) => layer.map(({ name }) => name));

describe('the order of start', () => {
  it('is in layers, each as early as it can be', () => {
    expect(layersOf({ web: 'api', api: 'db cache', worker: 'db', db: '', cache: '', job: 'elsewhere' })).toEqual([
      ['db', 'cache', 'job'],
      ['api', 'worker'],
      ['web'],
    ]);
  });

  it('has circles that are named once each, without those that only wait for them', () => {
    expect(cyclesOf(services({ a: 'b', b: 'a', c: 'a', d: 'e', e: 'f d', f: 'e', g: 'g', h: '' }))).toEqual([
      ['a', 'b'],
      ['e', 'f'],
      ['g'],
    ]);
    expect(cyclesOf(services({ a: 'b', b: '' }))).toEqual([]);
  });
});

describe('a probe', () => {
  it('gives a verdict once, when enough answers in a row agree', () => {
    const thresholds = { successThreshold: 2, failureThreshold: 3 };
    let counter = NO_ANSWERS;
    const verdicts = [true, true, true, false, false, true, false, false, false, false, true, true].map((hasPassed) => {
      const counted = countAnswer(counter, hasPassed, thresholds);
      counter = counted.counter;
      return counted.verdict;
    });
    const none = undefined;
    expect(verdicts).toEqual([none, 'passed', none, none, none, none, none, none, 'failed', none, none, 'passed']);
  });
});

describe('the time until the next start', () => {
  it('doubles up to its ceiling, and is between half of that and all of it', () => {
    const rules = { initialMs: 100, maxMs: 1_000 };
    expect([1, 2, 3, 4, 5, 1_000_000].map((failures) => backoffMs(failures, rules, 0))).toEqual([
      50, 100, 200, 400, 500, 500,
    ]);
    expect(backoffMs(3, rules, 0.999_999)).toBe(400);
  });
});

describe('availability', () => {
  const change = (
    state: 'ready' | 'backoff' | 'stopped' | 'completed' | 'starting',
    atMs: number,
    isWanted = true,
  ) => ({ state, atMs, isWanted });

  it('is the ready part of the time in which a service was meant to run, within the window', () => {
    const changes = [change('ready', 0), change('backoff', 600), change('ready', 700), change('stopped', 900, false)];
    expect(availabilityOf(changes, { fromMs: 500, toMs: 2_000 })).toEqual({ wantedMs: 400, readyMs: 300, ratio: 0.75 });
  });

  it('is unknown for what never was meant to run, or has done its work', () => {
    expect(availabilityOf([change('stopped', 0, false)], { fromMs: 0, toMs: 10 }).ratio).toBeUndefined();
    expect(availabilityOf([change('completed', 0)], { fromMs: 0, toMs: 10 }).ratio).toBeUndefined();
    expect(availabilityOf([], { fromMs: 0, toMs: 10 }).ratio).toBeUndefined();
  });

  it('is never negative nor above one when the clock was set back', () => {
    const changes = [change('ready', 5_000), change('backoff', 1_000), change('ready', 1_500)];
    const { ratio, readyMs } = availabilityOf(changes, { fromMs: 0, toMs: 2_000 });
    expect(readyMs).toBe(500);
    expect(ratio).toBe(0.5);
  });
});
