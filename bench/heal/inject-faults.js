import { ts } from 'ts-morph';
import { FAULT_CLASSES } from './fault-classes.js';
import { seeded, shuffled } from './heal-random.js';
import { withNoise } from './fault-noise.js';

/** @typedef {import('../../dist/src/fixers/typescript/fix-place.js').CompiledPlace} CompiledPlace */
/** @typedef {import('./heal-diagnostics.js').HealTarget} HealTarget */
/**
 * @typedef {object} Fault
 * @property {string} kind
 * @property {string} path relative
 * @property {string} text with the fault
 * @property {string} expected as it was meant
 * @property {string} title for people
 * @property {boolean} hasNoise whether the same commit changes something else
 */

const TRIES = 14;
const NOISY = 0.5;

/**
 * So many faults of each class, as the seed has it; those that no error tells of are left out.
 * @param {import('./heal-diagnostics.js').HealDiagnostics} diagnostics
 * @param {{ faults: number, seed: number, only: string | undefined }} wanted
 * @returns {Fault[]}
 */
export function injectFaults(diagnostics, { faults, seed, only }) {
  const kinds = Object.keys(FAULT_CLASSES).filter((kind) => only === undefined || kind === only);
  const paths = diagnostics.sourcePaths();
  /** @type {Fault[]} */
  const found = [];
  for (const [at, kind] of kinds.entries()) {
    const random = seeded(seed * 1_000 + at);
    const share = Math.floor(((at + 1) * faults) / kinds.length) - Math.floor((at * faults) / kinds.length);
    found.push(...faultsOf(kind, { diagnostics, paths: shuffled(paths, random), random, wanted: share }));
  }
  return found;
}

/**
 * @typedef {object} Search
 * @property {import('./heal-diagnostics.js').HealDiagnostics} diagnostics
 * @property {readonly string[]} paths
 * @property {() => number} random
 * @property {number} wanted
 */

const PASSES = 4;

/**
 * @param {string} kind
 * @param {Search} search
 */
function faultsOf(kind, { diagnostics, paths, random, wanted }) {
  /** @type {Fault[]} */
  const found = [];
  /** @type {Set<string>} */
  const seen = new Set();
  let tries = 0;
  for (const path of Array.from({ length: PASSES }, () => paths).flat()) {
    if (found.length >= wanted || tries > TRIES * wanted) break;
    const fault = faultIn(path, { kind, diagnostics, random, seen });
    if (fault === undefined) continue;
    tries += 1;
    const isGood = !fault.hasNoise || diagnostics.gained(path, fault.expected).length === 0;
    if (isGood && diagnostics.gained(path, fault.text).length > 0) found.push(fault);
  }
  return found;
}

/**
 * One that was not seen before; undefined where chance or the file has none.
 * @param {string} path
 * @param {{ kind: string, diagnostics: Search['diagnostics'], random: () => number, seen: Set<string> }} input
 * @returns {Fault | undefined}
 */
function faultIn(path, { kind, diagnostics, random, seen }) {
  const text = diagnostics.textOf(path);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const places = FAULT_CLASSES[kind]?.({ file, random, modules: diagnostics.modulesFor(path) }) ?? [];
  const [place] = shuffled(places, random);
  const key = `${path} ${place?.start}`;
  if (place === undefined || seen.has(key)) return undefined;
  seen.add(key);
  const noisy = random() < NOISY ? withNoise(file, place, random) : undefined;
  const was = text.slice(place.start, place.end).trim().split('\n')[0] ?? '';
  const { line } = file.getLineAndCharacterOfPosition(place.start);
  return {
    kind,
    path,
    text: noisy?.faulty ?? text.slice(0, place.start) + place.text + text.slice(place.end),
    expected: noisy?.meant ?? text,
    hasNoise: noisy !== undefined,
    title: `${path}:${line + 1} ${JSON.stringify(was.slice(0, 40))} → ${JSON.stringify(place.text.trim().slice(0, 40))}`,
  };
}
