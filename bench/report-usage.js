/**
 * Loaded into a measured process with `--import`: when it ends, writes what it has used to the file named by
 * BENCH_USAGE_FILE. Covers all threads of the process and, on Linux, the child processes that it has waited for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

/** Linux counts the time of children in ticks of 1/100 s on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

const file = process.env['BENCH_USAGE_FILE'];
if (isMainThread && file !== undefined) {
  // Children of this process must not overwrite its report.
  delete process.env['BENCH_USAGE_FILE'];
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(
      file,
      JSON.stringify({
        ownCpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
        childCpuSeconds: childCpuSeconds(),
        peakRssMb: maxRSS / 1024,
      }),
    );
  });
}

/** @returns {number | null} null where the system does not tell */
function childCpuSeconds() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // Fields are counted behind the command's name, which may hold spaces: cutime and cstime are the 16th and 17th of all.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
