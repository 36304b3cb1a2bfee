/** @typedef {import('./mend-fault.js').Mended} Mended */
/**
 * @typedef {object} HealPass the faults of one repository, mended
 * @property {string} repository
 * @property {boolean} hasHistory
 * @property {readonly Mended[]} mended
 * @property {number} baseErrors
 * @property {number} basePatches fixes that would be applied to what was there before any fault
 */
/** @typedef {{ title: string, isHeld: boolean }} Bar */

const LEAST_CORRECT = 0.55;
const MOST_WRONG = 0.03;

/** @param {HealPass} pass */
export function summaryOf({ mended }) {
  const patched = mended.filter(({ outcome }) => outcome !== 'unfixed');
  const seconds = mended.map((each) => each.seconds).toSorted((one, two) => one - two);
  return {
    faults: mended.length,
    patched: patched.length,
    correct: count(mended, 'correct'),
    correctByAutoAlone: mended.filter(({ outcome, isAutoOnly }) => outcome === 'correct' && isAutoOnly).length,
    exact: mended.filter(({ isExact }) => isExact).length,
    wrong: count(mended, 'wrong'),
    partial: count(mended, 'partial'),
    unfixed: count(mended, 'unfixed'),
    newErrors: mended.reduce((sum, each) => sum + each.newErrors, 0),
    outOfScope: mended.reduce((sum, each) => sum + each.outOfScope.length, 0),
    unstable: mended.filter(({ isStable }) => !isStable).length,
    naiveCorrect: mended.filter(({ naive }) => naive === 'correct').length,
    naiveWrong: mended.filter(({ naive }) => naive === 'clean').length,
    verifiedCorrect: mended.filter(({ verified }) => verified === 'correct').length,
    verifiedWrong: mended.filter(({ verified }) => verified === 'clean').length,
    medianSeconds: seconds[Math.floor(seconds.length / 2)] ?? 0,
    p95Seconds: seconds[Math.floor(seconds.length * 0.95)] ?? 0,
  };
}

/**
 * @param {HealPass} pass
 * @returns {readonly Bar[]}
 */
export function barsOf(pass) {
  const { faults, patched, correct, wrong, newErrors, outOfScope, unstable } = summaryOf(pass);
  return [
    {
      title: `correct ${percent(correct, faults)}, at least 55 %`,
      isHeld: faults > 0 && correct >= LEAST_CORRECT * faults,
    },
    {
      title: `wrong but clean ${percent(wrong, patched)} of what was patched, at most 3 %`,
      isHeld: wrong <= MOST_WRONG * patched,
    },
    { title: `${newErrors} new errors, none allowed`, isHeld: newErrors === 0 },
    { title: `${outOfScope} files out of scope, none allowed`, isHeld: outOfScope === 0 },
    {
      title: `${pass.basePatches} patches without a fault (${pass.baseErrors} errors were there), none allowed`,
      isHeld: pass.basePatches === 0,
    },
    { title: `${unstable} changed again by a second run, none allowed`, isHeld: unstable === 0 },
  ];
}

/** @param {HealPass} pass */
export function printPass(pass) {
  const { mended, hasHistory, repository } = pass;
  const sum = summaryOf(pass);
  console.log(
    `\n${repository}, ${hasHistory ? 'WITH history: each fault is a commit on top, so the text before it is an earlier version that the fixer may read' : 'WITHOUT history: the fixer is told of no earlier version'}`,
  );
  console.log('  class                       faults  correct  wrong  partial  unfixed');
  for (const [kind, group] of grouped(mended)) {
    const cells = [group.length, ...['correct', 'wrong', 'partial', 'unfixed'].map((outcome) => count(group, outcome))];
    console.log(
      `  ${kind.padEnd(26)} ${cells.map((cell, at) => String(cell).padStart([7, 8, 6, 8, 8][at] ?? 8)).join(' ')}`,
    );
  }
  console.log(
    `  all ${sum.faults}: correct ${percent(sum.correct, sum.faults)} (to the byte ${percent(sum.exact, sum.faults)}; without fixes that wait for tests ${percent(sum.correctByAutoAlone, sum.faults)}), wrong ${sum.wrong}, partial ${sum.partial}, unfixed ${sum.unfixed}`,
  );
  console.log(
    `  beside, one fix for the first error: first offered, unverified: ${percent(sum.naiveCorrect, sum.faults)} correct, ${sum.naiveWrong} wrong but clean; any that is clean: ${percent(sum.verifiedCorrect, sum.faults)} correct, ${sum.verifiedWrong} wrong`,
  );
  console.log(`  seconds a fault: median ${sum.medianSeconds.toFixed(2)}, p95 ${sum.p95Seconds.toFixed(2)}`);
}

/** @param {Mended} mended */
export function printFault({ fault, outcome, errors, steps, seconds, newErrors }) {
  console.log(
    `  ${outcome.padEnd(8)} ${fault.kind}: ${fault.title}${fault.hasNoise ? ' (with a renaming beside)' : ''} ${seconds.toFixed(1)} s`,
  );
  for (const error of errors.slice(0, 3)) console.log(`             ! ${error}`);
  if (newErrors > 0) console.log(`             + ${newErrors} new errors`);
  for (const step of steps) console.log(`             > ${step}`);
}

/** @param {readonly Mended[]} mended */
function grouped(mended) {
  /** @type {Map<string, Mended[]>} */
  const groups = new Map();
  for (const each of mended) groups.set(each.fault.kind, [...(groups.get(each.fault.kind) ?? []), each]);
  return groups;
}

/**
 * @param {readonly Mended[]} mended
 * @param {string} outcome
 */
function count(mended, outcome) {
  return mended.filter((each) => each.outcome === outcome).length;
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}
