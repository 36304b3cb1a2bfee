#!/usr/bin/env node
/** Disturbs the product in ways that a seed decides, and checks what is left: `npm run chaos -- runs`. */
import process from 'node:process';
import { chaosOptions, USAGE } from './chaos/chaos-options.js';
import { runExperiment } from './chaos/experiment.js';
import { findingLine, spreadLine, spreadOf } from './chaos/chaos-report.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => interrupted.abort(new Error('interrupted; what was started is being ended')));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** @param {string[]} args */
async function main(args) {
  const options = chaosOptions(args);
  if (options.isHelp) {
    console.log(USAGE);
    return;
  }
  const findings = [];
  for (let seed = options.seed; seed < options.seed + options.seeds; seed += 1) {
    const { operations, workers } = options;
    const finding = await runExperiment({ seed, operations, workers, signal: interrupted.signal });
    findings.push(finding);
    console.error(findingLine(finding));
  }
  const recovery = spreadOf(findings.flatMap(({ recoveryMs }) => recoveryMs));
  const isRight = findings.every(({ problems }) => problems.length === 0);
  if (options.isJson) console.log(JSON.stringify({ isRight, recovery, findings }, null, 2));
  else console.log(spreadLine(findings, recovery));
  if (!isRight) process.exitCode = 1;
}
