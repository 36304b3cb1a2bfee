import { between, shuffled } from './random.js';

/**
 * @typedef {{ kind: 'kill', restartMs: number }} Kill of a worker that executes something; it is started again after a while
 * @typedef {{ kind: 'freeze', forMs: number }} Freeze of a worker that executes something
 * @typedef {{ kind: 'postmaster' }} PostmasterKill the embedded server's supervisor starts it again
 * @typedef {Kill | Freeze | PostmasterKill} Fault
 * @typedef {{ at: number, fault: Fault }} PlannedFault `at` is the share of all operations that is stored by then
 */

/**
 * Five faults, of which four cut work off: a run whose worker was lost five times is given up. The first comes early,
 * since an undisturbed drill takes but a few seconds; the last while there is much left to do.
 */
const FIRST_AT = 0.03;
const STEP = 0.14;
const JITTER = 0.08;

/** A frozen worker is cut off after 5 s: some freezes end before, some after. */
const FREEZE_MS = { low: 1_000, high: 8_000 };
const RESTART_MS = { low: 0, high: 1_500 };

/**
 * The faults of one drill, by progress and not by time: a slow machine gets the same ones.
 * @param {() => number} random
 * @returns {PlannedFault[]}
 */
export function planFaults(random) {
  const others = shuffled(random, [kill(random), kill(random), freeze(random), postmaster()]);
  return [kill(random), ...others].map((fault, index) => ({
    at: FIRST_AT + index * STEP + random() * JITTER,
    fault,
  }));
}

/**
 * @param {() => number} random
 * @returns {Fault}
 */
function kill(random) {
  return { kind: 'kill', restartMs: between(random, RESTART_MS.low, RESTART_MS.high) };
}

/**
 * @param {() => number} random
 * @returns {Fault}
 */
function freeze(random) {
  return { kind: 'freeze', forMs: between(random, FREEZE_MS.low, FREEZE_MS.high) };
}

/** @returns {Fault} */
function postmaster() {
  return { kind: 'postmaster' };
}
