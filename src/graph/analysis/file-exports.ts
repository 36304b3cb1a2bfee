import { NODE_FLAGS } from '../graph-schema.ts';
import { neighboursOf } from '../query/csr.ts';
import { EXPORTS } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import type { FileLink } from './file-links.ts';

/** What files export, under any name: their own symbols and those of others that they pass on. */
export class FileExports {
  readonly #view: GraphView;
  readonly #stars = new Map<number, number[]>();
  readonly #known = new Map<number, ReadonlySet<number>>();

  constructor(view: GraphView, links: readonly FileLink[]) {
    this.#view = view;
    for (const { from, to, isReExport, isWhole } of links) {
      if (isReExport && isWhole) this.#stars.set(from, [...(this.#stars.get(from) ?? []), to]);
    }
  }

  /** Symbols that whoever imports the file can name, through `export *` as well. */
  of(file: number): ReadonlySet<number> {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    const files = new Set([file]);
    // The set grows while it is walked.
    for (const current of files) for (const next of this.#stars.get(current) ?? []) files.add(next);
    const symbols = new Set([...files].flatMap((current) => this.#ownOf(current)));
    this.#known.set(file, symbols);
    return symbols;
  }

  #ownOf(file: number): number[] {
    const view = this.#view;
    const named = neighboursOf(view.forward, file, EXPORTS).filter((row) => view.kindOf(row) !== 'file');
    const flagged = view.membersOf(file).filter((row) => isMarked(view, row));
    return [...named, ...flagged];
  }
}

function isMarked(view: GraphView, row: number): boolean {
  return ((view.columns.nodes.flags[row] ?? 0) & NODE_FLAGS.exported) !== 0;
}

/** Declarations of other code, and tests of types: nothing in them runs, and all of it counts by being there. */
export function isDeclarationFile(path: string): boolean {
  return /\.(?:d|test-d|tst)\.[cm]?tsx?$/.test(path);
}
