/**
 * @typedef {import('./experiment.js').Finding} Finding
 * @typedef {{ count: number, p50: number, p95: number, max: number }} Spread
 */

/**
 * Of recovery times in milliseconds, by nearest rank.
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  /** @param {number} share */
  const rank = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: rank(1) };
}

/**
 * One line for a drill, and one for each thing that is wrong.
 * @param {Finding} finding
 */
export function findingLine({ seed, workers, rows, distinct, seconds, faults, recoveryMs, problems }) {
  const times = recoveryMs.length === 0 ? 'nothing to recover' : `recovered after ${recoveryMs.join(', ')} ms`;
  const verdict = problems.length === 0 ? 'exact' : 'WRONG';
  const what = `${rows} rows, ${distinct} distinct, ${workers} workers, ${seconds.toFixed(1)} s`;
  const line = `seed ${seed}: ${verdict}, ${what}; ${faults.join(', ') || 'no faults'}; ${times}`;
  return [line, ...problems.map((problem) => `  ${problem}`)].join('\n');
}

/**
 * @param {readonly Finding[]} findings
 * @param {Spread} recovery
 */
export function spreadLine(findings, { count, p50, p95, max }) {
  const exact = findings.filter(({ problems }) => problems.length === 0).length;
  return `${exact} of ${findings.length} exact; ${count} recoveries, p50 ${p50} ms, p95 ${p95} ms, max ${max} ms`;
}
