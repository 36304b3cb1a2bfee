import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { discoverWorkspace } from '../../dist/src/graph/discovery/discover-workspace.js';
import { openEngine } from '../../dist/src/graph/engine/engine-choice.js';
import { extractForUpdates } from '../../dist/src/graph/engine/extraction.js';
import { openLive } from '../../dist/src/graph/engine/live/open-live.js';
import { GraphView } from '../../dist/src/graph/query/graph-view.js';
import { clusterPids, cpuOf } from '../runs/meters.js';
import { EDIT_KINDS, targetsIn } from './edit-kinds.js';

const MAX_FILE_BYTES = 1_000_000;
/** The default of the product. */
const COMPILER_MEMORY_MB = 4_096;

/** @typedef {import('./edit-kinds.js').Target} Target */
/** @typedef {import('./edit-kinds.js').EditKind} EditKind */
/** @typedef {{ kind: string, visibleMs: number, settledMs: number, files: number, cpuSeconds: number }} Measured */
/** @typedef {NonNullable<ReturnType<typeof openLive>>} Live */

/**
 * A warm graph of a folder that is kept true in this process, as the server does it but for the watching and the database.
 * @param {string} folder @param {{ files: number, rounds: number }} options
 */
export async function measureLiveEdits(folder, { files, rounds }) {
  const root = realpathSync(folder);
  const { signal } = new AbortController();
  const startedAt = performance.now();
  const before = cpuNow();
  const workspace = await discoverWorkspace({ root, maxFileBytes: MAX_FILE_BYTES, signal });
  const { source } = await openEngine('ts7', workspace, { memoryMb: COMPILER_MEMORY_MB });
  try {
    const extraction = extractForUpdates(source, workspace, { signal, onProgress() {} });
    const cold = { wallSeconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuNow() - before };
    const live = openLive({ source, workspace, extraction, maxFileBytes: MAX_FILE_BYTES });
    if (live === undefined) throw new Error('The engine does not follow edits.');
    const view = new GraphView(extraction.columns, { generation: 1, publishedAt: '' });
    const targets = targetsIn(view, root, files);
    const follower = { root, live, view };
    /** @type {Measured[]} */
    const measured = [];
    // The first round is the warm-up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const target of targets) {
        for (const kind of EDIT_KINDS) {
          const one = await measureEdit(follower, kind, { target, round });
          if (round > 0) measured.push(one);
        }
      }
    }
    return { cold, size: { nodes: view.nodeCount, files: workspace.files.length }, targets, measured };
  } finally {
    // Ends the compiler at once. Outside of a worker thread nothing tells of that end, so it is not waited for.
    void source.close();
  }
}

/**
 * @param {{ root: string, live: Live, view: GraphView }} follower
 * @param {EditKind} kind @param {{ target: Target, round: number }} edit
 * @returns {Promise<Measured>}
 */
async function measureEdit({ root, live, view }, kind, { target, round }) {
  const path = kind.path(target);
  /** @param {string | undefined} text */
  const bring = async (text) => {
    put(join(root, path), text);
    const startedAt = performance.now();
    const first = await live.change([path]);
    if ('stale' in first) throw new Error(`${kind.name} of ${path}: ${first.stale}`);
    view.apply(first.patch);
    const visibleMs = performance.now() - startedAt;
    let files = first.patch.files.length;
    // Whom the edit concerns is only found out in the first step, whatever was pending before it.
    for (let isOver = false; !isOver;) {
      const { patch, pending } = live.work(() => false);
      view.apply(patch);
      files += patch.files.length;
      isOver = pending.length === 0;
    }
    return { visibleMs, settledMs: performance.now() - startedAt, files };
  };
  if (kind.before(target) !== undefined) await bring(kind.before(target));
  const before = cpuNow();
  const edited = await bring(kind.text(target, round));
  const cpuSeconds = cpuNow() - before;
  await bring(kind.before(target));
  if (kind.path(target) !== target.path) await bring(undefined);
  return { kind: kind.name, ...edited, cpuSeconds };
}

/** Writes a file, or deletes it. @param {string} path @param {string | undefined} text */
export function put(path, text) {
  if (text === undefined) rmSync(path, { force: true });
  else writeFileSync(path, text);
}

/** Of this process with the compiler that it has started. */
function cpuNow() {
  return cpuOf(clusterPids(process.pid));
}
