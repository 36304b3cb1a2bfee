import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { discoverWorkspace } from '../../../src/graph/discovery/discover-workspace.ts';
import { openEngine } from '../../../src/graph/engine/engine-choice.ts';
import { extractForUpdates } from '../../../src/graph/engine/extraction.ts';
import type { LiveStep } from '../../../src/graph/engine/live/live-graph.ts';
import type { LiveWorkspace } from '../../../src/graph/engine/live/live-workspace.ts';
import { openLive } from '../../../src/graph/engine/live/open-live.ts';
import { EDGE_KINDS, NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { TypeSource } from '../../../src/graph/type-source.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { COMPILER_MB, extractFolder } from '../engine/extract-folder.ts';

const MAX_FILE_BYTES = 1_000_000;

/** Text by relative path; undefined for a file that goes. */
export type Edit = Readonly<Record<string, string | undefined>>;

export async function writeEdit(root: string, edit: Edit): Promise<void> {
  for (const [path, text] of Object.entries(edit)) {
    const absolute = join(root, path);
    if (text === undefined) await rm(absolute, { recursive: true });
    else {
      await mkdir(dirname(absolute), { recursive: true });
      await writeFile(absolute, text);
    }
  }
}

export interface EditOutcome {
  /** Paths that were read before the graph was consistent again, in their order. */
  readonly read: readonly string[];
  readonly stale: string | undefined;
}

/** A folder whose graph follows edits, in this thread. */
export class LiveFolder {
  readonly root: string;
  readonly view: GraphView;
  readonly #source: TypeSource;
  readonly #live: LiveWorkspace;

  private constructor(root: string, parts: { view: GraphView; source: TypeSource; live: LiveWorkspace }) {
    this.root = root;
    this.view = parts.view;
    this.#source = parts.source;
    this.#live = parts.live;
  }

  static async open(root: string, files: Edit): Promise<LiveFolder> {
    await writeEdit(root, files);
    const { signal } = new AbortController();
    const workspace = await discoverWorkspace({ root, maxFileBytes: MAX_FILE_BYTES, signal });
    const { source } = await openEngine('ts7', workspace, { memoryMb: COMPILER_MB });
    const extraction = extractForUpdates(source, workspace, { signal, onProgress: () => undefined });
    const live = openLive({ source, workspace, extraction, maxFileBytes: MAX_FILE_BYTES });
    if (live === undefined) throw new Error('The engine does not follow edits.');
    return new LiveFolder(root, { view: viewOf(extraction.columns), source, live });
  }

  /** Writes the edit and follows it to its end, a file at a time. */
  async edit(edit: Edit): Promise<EditOutcome> {
    await writeEdit(this.root, edit);
    const first = await this.#live.change(Object.keys(edit));
    if ('stale' in first) return { read: [], stale: first.stale };
    return { read: [...this.#apply(first), ...this.#finish()], stale: undefined };
  }

  /** Writes the edit and reads what it names; users wait. */
  async begin(edit: Edit): Promise<void> {
    await writeEdit(this.root, edit);
    const step = await this.#live.change(Object.keys(edit));
    if ('stale' in step) throw new Error(step.stale);
    this.#apply(step);
  }

  /** Goes on with what no name tells; returns the files that were read for it. */
  verify(): readonly string[] {
    return this.#live.verify() ? this.#finish() : [];
  }

  #finish(): string[] {
    const read: string[] = [];
    for (;;) {
      let looks = 0;
      const step = this.#live.work(() => looks++ > 0);
      read.push(...this.#apply(step));
      if (step.pending.length === 0) return read;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #apply({ patch }: LiveStep): string[] {
    const { danglingEdges } = this.view.apply(patch);
    if (danglingEdges > 0) throw new Error(`${danglingEdges} edges of the patch lead nowhere.`);
    return patch.files.map(({ file }) => file.path);
  }
}

/** All that a view says, by ids, so that two views of the same workspace are equal whatever their rows are. */
export function contentOf(
  view: GraphView,
): Readonly<Record<'files' | 'nodes' | 'edges' | 'reverse', readonly string[]>> {
  const { files, nodes } = view.columns;
  const there = Array.from({ length: view.nodeCount }, (_, row) => row).filter((row) => view.isThere(row));
  const nodeLines = there.map((row) => {
    const container = nodes.id[nodes.container[row] ?? -1] ?? '';
    const place = [nodes.start[row], nodes.end[row], nodes.line[row], nodes.column[row], nodes.flags[row]].join(' ');
    const texts = [nodes.signature[row], nodes.doc[row]].join(' | ');
    return `${nodes.id[row]} ${NODE_KINDS[nodes.kind[row] ?? -1]} ${view.pathOf(row)}#${nodes.name[row]} in ${container} at ${place}: ${texts}`;
  });
  return {
    files: files
      .filter(({ path }) => path !== '')
      .map(({ path, hash, state, unresolved }) => `${path} ${hash} ${state} ${unresolved}`)
      .toSorted(),
    nodes: nodeLines.toSorted(),
    edges: there.flatMap((row) => edgeLines(view, row, 'forward')).toSorted(),
    reverse: there.flatMap((row) => edgeLines(view, row, 'reverse')).toSorted(),
  };
}

function edgeLines(view: GraphView, row: number, direction: 'forward' | 'reverse'): string[] {
  const { starts, ends, neighbour, kind, edge } = view[direction];
  const { edges } = view.columns;
  const lines: string[] = [];
  for (let at = starts[row] ?? 0; at < (ends[row] ?? 0); at += 1) {
    const name = EDGE_KINDS[kind[at] ?? -1];
    if (name === undefined) continue;
    const other = neighbour[at] ?? -1;
    const [from, to] = direction === 'forward' ? [row, other] : [other, row];
    const own = edge[at] ?? -1;
    const path = view.columns.files[edges.file[own] ?? -1]?.path;
    lines.push(`${nameOf(view, from)} ${name} ${nameOf(view, to)} at ${path}:${edges.line[own]}:${edges.column[own]}`);
  }
  return lines;
}

function nameOf(view: GraphView, row: number): string {
  return `${view.pathOf(row)}#${view.qualifiersOf(row).join('.')}:${view.columns.nodes.id[row]}`;
}

/** The same of a graph that is made anew. */
export async function freshContentOf(root: string): Promise<ReturnType<typeof contentOf>> {
  const { columns } = await extractFolder(root, { engine: 'ts7', maxFileBytes: MAX_FILE_BYTES });
  return contentOf(viewOf(columns));
}
