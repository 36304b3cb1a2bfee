#!/usr/bin/env node
/**
 * Prints the closing line of continuous integration: `node scripts/count-tests.js REPORT TEST_STATUS STATUS…`,
 * where REPORT is the JSON report of vitest and the others are exit codes, of the tests and of further steps. Exits with
 * 1 when anything failed.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const [file = '', testStatus, ...statuses] = process.argv.slice(2);
const tests = countTests(file);
// An error outside of every test fails the run, but is no test's failure.
const failedTests = tests.failed === 0 && testStatus !== '0' ? 1 : tests.failed;
const failed = failedTests + statuses.filter((status) => status !== '0').length;
console.log(`\n${tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} path */
function countTests(path) {
  const text = readIfThere(path);
  if (text === undefined) {
    console.log('The tests left no report: they did not run to their end.');
    return { passed: 0, failed: 1 };
  }
  const report = reportSchema.parse(JSON.parse(text));
  // A file that cannot be loaded has no tests that could fail.
  const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
