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
 * @param {string} kind
 * @param {{ diagnostics: import('./heal-diagnostics.js').HealDiagnostics, paths: readonly string[], random: () => number, wanted: number }} input
 */
function faultsOf(kind, { diagnostics, paths, random, wanted }) {
  const find = FAULT_CLASSES[kind];
  /** @type {Fault[]} */
  const found = [];
  const seen = new Set();
  for (let round = 0; find !== undefined && round < 4; round += 1) {
    let tries = 0;
    for (const path of paths) {
      if (found.length >= wanted || tries > TRIES * wanted) return found;
      const text = diagnostics.textOf(path);
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
      const [place] = shuffled(find({ file, random, modules: diagnostics.modulesFor(path) }), random);
      if (place === undefined || seen.has(`${path} ${place.start}`)) continue;
      seen.add(`${path} ${place.start}`);
      tries += 1;
      const faulty = text.slice(0, place.start) + place.text + text.slice(place.end);
      const noisy = random() < NOISY ? withNoise(file, place, random) : undefined;
      const fault = {
        kind,
        path,
        text: noisy?.faulty ?? faulty,
        expected: noisy?.meant ?? text,
        hasNoise: noisy !== undefined,
      };
      if (noisy !== undefined && diagnostics.gained(path, noisy.meant).length > 0) continue;
      if (diagnostics.gained(path, fault.text).length === 0) continue;
      const was = text.slice(place.start, place.end).trim().split('\n')[0] ?? '';
      const { line } = file.getLineAndCharacterOfPosition(place.start);
      found.push({
        ...fault,
        title: `${path}:${line + 1} ${JSON.stringify(was.slice(0, 40))} → ${JSON.stringify(place.text.trim().slice(0, 40))}`,
      });
    }
  }
  return found;
}
