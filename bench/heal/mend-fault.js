import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codefixActions } from '../../dist/src/fixers/typescript/codefix-actions.js';
import { recheck } from '../../dist/src/fixers/typescript/recheck.js';
import { codeKey } from '../../dist/src/fixers/typescript/same-code.js';

/** @typedef {import('./inject-faults.js').Fault} Fault */
/** @typedef {import('./heal-diagnostics.js').HealTarget} HealTarget */
/** @typedef {import('../../src/fixers/index.ts').Fix} Fix */
/**
 * @typedef {object} Bench what all faults of a repository share
 * @property {import('./heal-checkout.js').HealCheckout} checkout
 * @property {import('./heal-diagnostics.js').HealDiagnostics} diagnostics
 * @property {import('../../dist/src/fixers/typescript/typescript-fixer.js').TypescriptFixer} fixer
 * @property {boolean} hasHistory
 */
/**
 * @typedef {object} Mended
 * @property {Fault} fault
 * @property {'correct' | 'wrong' | 'partial' | 'unfixed'} outcome wrong: no error is left, but it is not what was meant
 * @property {boolean} isExact to the byte
 * @property {boolean} isAutoOnly no fix was needed that waits for tests
 * @property {number} newErrors beyond those of the fault
 * @property {readonly string[]} outOfScope
 * @property {boolean} isStable asked again about the same errors, nothing more is changed
 * @property {readonly string[]} steps
 * @property {readonly string[]} errors
 * @property {number} seconds
 * @property {'correct' | 'clean' | 'none' | 'broken'} naive the first fix offered, unverified
 * @property {'correct' | 'clean' | 'none'} verified the first offered that leaves no error
 */

const ROUNDS = 6;
const TARGETS = 8;

/**
 * Commits the fault, lets the fixer mend what the compiler says of it, and looks at what came of it.
 * @param {Fault} fault
 * @param {Bench} bench
 * @returns {Promise<Mended>}
 */
export async function mendFault(fault, bench) {
  const { checkout, diagnostics } = bench;
  checkout.commit(new Map([[fault.path, fault.text]]), 'Change something');
  diagnostics.refresh();
  const scope = diagnostics.scopeOf(fault.path);
  const first = scope.flatMap((path) => diagnostics.targetsIn(path));
  const baseline = baselines(first[0], fault, bench);
  const startedAt = performance.now();
  const steps = await mend(fault, bench);
  const seconds = (performance.now() - startedAt) / 1000;
  const changed = checkout.changedFiles();
  const after = diagnostics.errorsIn(diagnostics.reachOf([...new Set([fault.path, ...changed])]));
  const allowed = new Set([fault.path, ...first.map(({ path }) => path)]);
  const texts = new Map(changed.map((path) => [path, readFileSync(join(checkout.root, path), 'utf8')]));
  const isStable = changed.length === 0 || (await asksForNothing(first, bench));
  checkout.reset();
  diagnostics.refresh();
  const left = diagnostics.newAmong(after);
  const text = texts.get(fault.path) ?? fault.text;
  const isMeant =
    changed.every((path) => path === fault.path) && codeKey(fault.path, text) === codeKey(fault.path, fault.expected);
  return {
    fault,
    outcome: changed.length === 0 ? 'unfixed' : isMeant ? 'correct' : left.size === 0 ? 'wrong' : 'partial',
    isExact: isMeant && text === fault.expected,
    isAutoOnly: steps.every(({ grade }) => grade === 'auto'),
    newErrors: changed.length === 0 ? 0 : diagnostics.beyond(left, { path: fault.path, text: fault.text }),
    outOfScope: changed.filter((path) => !allowed.has(path)),
    isStable,
    steps: steps.map(({ fixer, title, grade }) => `${fixer} (${grade}): ${title}`),
    errors: first.map(({ rule, path, line, message }) => `${path}:${line} ${rule} ${message.split('\n')[0]}`),
    seconds,
    ...baseline,
  };
}

/**
 * @param {Fault} fault
 * @param {Bench} bench
 * @returns {Promise<Fix[]>}
 */
async function mend(fault, bench) {
  const { checkout, diagnostics } = bench;
  /** @type {Fix[]} */
  const steps = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const scope = new Set([...diagnostics.scopeOf(fault.path), ...checkout.changedFiles()]);
    const targets = [...scope].flatMap((path) => diagnostics.targetsIn(path));
    const fix = await firstFix(targets.slice(0, TARGETS), bench);
    if (fix === undefined) break;
    for (const { path, text } of fix.edits) writeFileSync(join(checkout.root, path), text ?? '');
    steps.push(fix);
    diagnostics.refresh();
  }
  return steps;
}

/**
 * @param {readonly HealTarget[]} targets
 * @param {Bench} bench
 * @returns {Promise<Fix | undefined>}
 */
async function firstFix(targets, bench) {
  for (const target of targets) {
    const fixes = await fixesOf(target, bench);
    const fix = fixes.find(({ grade }) => grade !== 'suggestion');
    if (fix !== undefined) return fix;
  }
  return undefined;
}

/**
 * @param {HealTarget} target
 * @param {Pick<Bench, 'checkout' | 'fixer' | 'hasHistory'>} bench
 */
export async function fixesOf(target, { checkout, fixer, hasHistory }) {
  const { signal } = new AbortController();
  return fixer.fix(target, {
    root: checkout.root,
    signal,
    ...(hasHistory && { priorTexts: (/** @type {string} */ path) => checkout.priorTexts(path) }),
    run: () => Promise.reject(new Error('Nothing is run here.')),
  });
}

/**
 * @param {readonly HealTarget[]} targets
 * @param {Bench} bench
 */
async function asksForNothing(targets, bench) {
  const left = new Set(
    targets.flatMap(({ path }) => bench.diagnostics.targetsIn(path)).map(({ rule, message }) => `${rule} ${message}`),
  );
  for (const target of targets.slice(0, 2)) {
    if (left.has(`${target.rule} ${target.message}`)) continue;
    const fixes = await fixesOf(target, bench);
    if (fixes.some(({ grade }) => grade !== 'suggestion')) return false;
  }
  return true;
}

/**
 * What the Language Service alone comes to, with one fix for the first error.
 * @param {HealTarget | undefined} first
 * @param {Fault} fault
 * @param {Bench} bench
 * @returns {Pick<Mended, 'naive' | 'verified'>}
 */
function baselines(first, fault, { diagnostics }) {
  const target = first === undefined ? undefined : diagnostics.find(first);
  if (target === undefined) return { naive: 'none', verified: 'none' };
  const { place } = diagnostics;
  const actions = codefixActions(target, { isWritable: (path) => place.isWritable(path) });
  const absolute = `${place.root}/${fault.path}`;
  /** @param {ReadonlyMap<string, string>} texts */
  const isMeant = (texts) =>
    [...texts.keys()].every((path) => path === absolute) &&
    codeKey(absolute, texts.get(absolute) ?? '') === codeKey(absolute, fault.expected);
  const isClean = (/** @type {ReadonlyMap<string, string>} */ texts) => {
    const projects = place.owners([...texts.keys(), absolute]);
    const verdict = recheck({
      target,
      texts,
      projects,
      others: () => [],
      placeTexts: place.texts,
      deadlineMs: Infinity,
      isShallow: true,
    });
    if (verdict.outcome !== 'clean') return false;
    return place.texts.trying(texts, () =>
      diagnostics.scopeOf(fault.path).every((path) => diagnostics.targetsIn(path).length === 0),
    );
  };
  const [offered] = actions;
  const verified = actions.find(({ texts }) => isClean(texts));
  return {
    naive:
      offered === undefined ? 'none' : isMeant(offered.texts) ? 'correct' : isClean(offered.texts) ? 'clean' : 'broken',
    verified: verified === undefined ? 'none' : isMeant(verified.texts) ? 'correct' : 'clean',
  };
}
