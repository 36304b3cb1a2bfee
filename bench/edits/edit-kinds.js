import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE_FLAGS, NODE_KINDS } from '../../dist/src/graph/graph-schema.js';
import { degreeOf } from '../../dist/src/graph/query/csr.js';
import { CALLS } from '../../dist/src/graph/query/edge-groups.js';

/** @typedef {import('../../dist/src/graph/query/graph-view.js').GraphView} GraphView */

/**
 * A function or method with a body, which others call.
 * @typedef {object} Target
 * @property {string} path of its file
 * @property {string} name
 * @property {number} users symbols that call it
 * @property {string} text of the file
 * @property {number} at where its name stands in the text
 * @property {number} end of its declaration
 */

/**
 * What is done to the files of a target, in this order, each to the file as it was.
 * @typedef {object} EditKind
 * @property {string} name
 * @property {(target: Target) => string} path of the file that is written
 * @property {(target: Target, round: number) => string | undefined} text undefined: the file is deleted
 * @property {(target: Target) => string | undefined} before what stands there before, and again afterwards
 */

/** @type {readonly EditKind[]} */
export const EDIT_KINDS = [
  own('append an export', ({ text }, round) => `${text}\nexport function benchAdded${round}(): number { return 1 }\n`),
  own('change a body', ({ text, end }, round) => insert(text, end - 1, `\n;void ${round};\n`)),
  own('rename what is used', ({ text, at, name }, round) => insert(text, at + name.length, `Bench${round}`)),
  own('change a signature', ({ text, at, name }, round) =>
    insert(text, at + name.length + 1, `bench${round}?: number, `),
  ),
  { name: 'create a file', path: beside, before: () => undefined, text: created },
  { name: 'delete a file', path: beside, before: (target) => created(target, 0), text: () => undefined },
];

/** @param {string} name @param {(target: Target, round: number) => string} text @returns {EditKind} */
function own(name, text) {
  return { name, path: ({ path }) => path, before: (target) => target.text, text };
}

/** @param {Target} target */
function beside({ path }) {
  return join(dirname(path), 'bench-created-file.ts');
}

/** @param {Target} target @param {number} round */
function created({ path }, round) {
  const from = path.slice(path.lastIndexOf('/') + 1).replace(/\.tsx?$/, '');
  return `import * as all from './${from}'\nexport function benchCreated${round}(): unknown { return all }\n`;
}

/** @param {string} text @param {number} at @param {string} added */
function insert(text, at, added) {
  return text.slice(0, at) + added + text.slice(at);
}

/**
 * One target a file, from the file with the most used one to one that is used once.
 * @param {GraphView} view @param {string} root @param {number} count
 */
export function targetsIn(view, root, count) {
  /** @type {Map<string, Target>} */
  const best = new Map();
  for (let row = 0; row < view.nodeCount; row += 1) {
    const users = degreeOf(view.reverse, row, CALLS);
    const path = view.pathOf(row);
    if (users === 0 || users <= (best.get(path)?.users ?? 0) || !isCallable(view, row)) continue;
    const target = targetOf(view, root, { row, users });
    if (target !== undefined) best.set(path, target);
  }
  const targets = [...best.values()].toSorted((a, b) => b.users - a.users || (a.path < b.path ? -1 : 1));
  const step = Math.max(1, (targets.length - 1) / Math.max(1, count - 1));
  const places = new Set(Array.from({ length: count }, (_, index) => Math.floor(index * step)));
  return targets.filter((_, index) => places.has(index));
}

/** @param {GraphView} view @param {number} row */
function isCallable(view, row) {
  const { kind, flags } = view.columns.nodes;
  const container = view.containerOf(row);
  const isInClass = container >= 0 && NODE_KINDS[kind[container] ?? 0] === 'class';
  const isOf = NODE_KINDS[kind[row] ?? 0];
  const isBodiless = ((flags[row] ?? 0) & (NODE_FLAGS.abstract | NODE_FLAGS.ambient)) !== 0;
  return !isBodiless && /\.tsx?$/.test(view.pathOf(row)) && (isOf === 'function' || (isOf === 'method' && isInClass));
}

/** @param {GraphView} view @param {string} root @param {{ row: number, users: number }} node @returns {Target | undefined} */
function targetOf(view, root, { row, users }) {
  const { line, column, end } = view.columns.nodes;
  const path = view.pathOf(row);
  const name = view.nameOf(row);
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text.split('\n').slice(0, (line[row] ?? 1) - 1);
  const at = lines.reduce((sum, one) => sum + one.length + 1, 0) + (column[row] ?? 1) - 1;
  const isWritten = text.startsWith(`${name}(`, at) && text[(end[row] ?? 0) - 1] === '}';
  return isWritten ? { path, name, users, text, at, end: end[row] ?? 0 } : undefined;
}
