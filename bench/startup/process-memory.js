import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * @typedef {object} ProgramMemory
 * @property {string} name
 * @property {number} count of its processes
 * @property {number} mb
 * @property {'PSS' | 'RSS'} kind PSS divides what processes share among them; RSS, where that can't be read, counts it for each
 */

/**
 * Memory of processes, by program.
 * @param {readonly number[]} pids
 * @returns {{ totalMb: number, programs: readonly ProgramMemory[] }}
 */
export function memoryOf(pids) {
  /** @type {Map<string, ProgramMemory>} */
  const programs = new Map();
  for (const pid of pids) {
    const name = nameOf(pid);
    if (name === '') continue;
    const pss = megabytes(read(pid, 'smaps_rollup'), 'Pss');
    const mb = pss ?? megabytes(read(pid, 'status'), 'VmRSS') ?? 0;
    const before = programs.get(name) ?? { name, count: 0, mb: 0, kind: 'PSS' };
    const kind = pss === undefined ? 'RSS' : before.kind;
    programs.set(name, { name, count: before.count + 1, mb: before.mb + mb, kind });
  }
  const all = [...programs.values()].toSorted((a, b) => b.mb - a.mb);
  return { totalMb: all.reduce((sum, { mb }) => sum + mb, 0), programs: all };
}

/** The script of a Node process, else the program. @param {number} pid */
function nameOf(pid) {
  const [program = '', ...args] = read(pid, 'cmdline').split('\0');
  const script = args.find((arg) => /\.[cm]?js$/.test(arg));
  return basename(script ?? program.split(/:? /, 1).join(''));
}

/** @param {string} text @param {string} field */
function megabytes(text, field) {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** @param {number} pid @param {string} file */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
