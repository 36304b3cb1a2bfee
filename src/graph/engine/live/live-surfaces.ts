import type { GraphEdges } from '../../graph-schema.ts';
import type { FileSurface, LiveSource, SurfacePart } from '../../live-source.ts';
import type { ChangedRows } from './changed-rows.ts';
import type { LiveFiles } from './live-files.ts';
import { PlacedTargets } from './placed-targets.ts';
import { diffSurfaces } from './surface-diff.ts';

/** A node with the place that it had at some time. */
interface PlacedRow {
  readonly row: number;
  readonly offset: number;
}

/** How a file was before it was read again. */
interface FormerFile {
  readonly path: string;
  readonly rows: readonly PlacedRow[];
  readonly edges: GraphEdges;
  readonly how: ReadAs;
}

/**
 * Why a file is read again. `edited`: its text is another. `created`: there was none. `user`: something that it uses has
 * changed. `late`: the same, but more than one change ago, so that the types that it had are not known any more.
 */
export type ReadAs = 'edited' | 'created' | 'user' | 'late';

/** Finds out what of the files that are read again may look different to their users. */
export class LiveSurfaces {
  readonly #live: LiveSource;
  readonly #files: LiveFiles;
  readonly #changed: ChangedRows;
  readonly #former = new Map<string, FormerFile>();
  readonly #unsettled = new Set<string>();

  constructor(live: LiveSource, files: LiveFiles, changed: ChangedRows) {
    this.#live = live;
    this.#files = files;
    this.#changed = changed;
  }

  /** Keeps what is going to be compared; before the file is read. */
  note(path: string, how: ReadAs): void {
    const index = this.#files.indexOf(path);
    this.#former.set(path, { path, how, rows: this.#rowsOf(index), edges: this.#files.edges.of(index) });
    this.#unsettled.add(path);
  }

  /** More has changed of what the file uses. */
  lookAgain(path: string): void {
    if (this.#former.has(path)) this.#unsettled.add(path);
  }

  /** Compares what has been read. */
  settle(): void {
    for (const path of this.#unsettled) {
      const former = this.#former.get(path);
      if (former !== undefined) this.#compare(former);
    }
    this.#unsettled.clear();
  }

  /** Another change comes: what was before it is compared. */
  clear(): void {
    this.#former.clear();
    this.#unsettled.clear();
  }

  #rowsOf(index: number): PlacedRow[] {
    const { table } = this.#files;
    return Array.from(table.rowsOf(index), (row) => ({ row, offset: table.startOf(row) }));
  }

  #compare(former: FormerFile): void {
    const { path, how } = former;
    const now = this.#live.surface(path, 'now');
    const before = how === 'edited' ? this.#live.surface(path, 'before') : how === 'created' ? undefined : now;
    const index = this.#files.indexOf(path);
    const rows = this.#rowsOf(index);
    if (now === undefined || before === undefined) {
      this.#add(former, rows, now?.parts ?? []);
      this.#changed.add(former.rows.map(({ row }) => row));
      return;
    }
    const diff = diffSurfaces({
      before: stateOf(before, former.edges),
      now: stateOf(now, this.#files.edges.of(index)),
      isChanged: (row) => this.#changed.has(row),
      changedNames: this.#changed.names,
      typesOf: (starts, when) =>
        how === 'late' && when === 'before' ? undefined : this.#live.functionTypes(path, starts, when),
    });
    this.#changed.add(rowsWithin(diff.before, former.rows));
    this.#add(former, rows, diff.now);
    // What was given out and is no more.
    if (diff.before.some(isExport)) this.#changed.add([this.#files.table.fileAt(index)]);
  }

  /** Takes what stands in parts of the present text for changed. */
  #add(former: FormerFile, rows: readonly PlacedRow[], parts: readonly SurfacePart[]): void {
    const { path } = former;
    const { table } = this.#files;
    const file = table.fileAt(this.#files.indexOf(path));
    const inside = rowsWithin(parts, rows);
    this.#changed.add(inside);
    if (parts.some(isExport)) this.#changed.add([file]);
    const known = new Set(former.rows.map(({ row }) => row));
    const added = inside.filter((row) => !known.has(row));
    const outermost = added.filter((row) => table.containerOf(row) === file);
    const inGlobals = new Set(rowsWithin(parts.filter(isGlobal), rows));
    const namesOf = (of: readonly number[]): Set<string> => new Set(of.map((row) => unquoted(table.nameAt(row))));
    this.#changed.addNames({ path, names: namesOf(outermost), isGlobal: false });
    this.#changed.addNames({ path, names: namesOf(added.filter((row) => inGlobals.has(row))), isGlobal: true });
  }
}

function stateOf(
  { parts, lineStarts }: FileSurface,
  edges: GraphEdges,
): { parts: readonly SurfacePart[]; targets: PlacedTargets } {
  return { parts, targets: new PlacedTargets(edges, lineStarts) };
}

function rowsWithin(parts: readonly SurfacePart[], rows: readonly PlacedRow[]): number[] {
  const isInside = (offset: number): boolean => parts.some(({ start, end }) => offset >= start && offset < end);
  return rows.filter(({ offset }) => isInside(offset)).map(({ row }) => row);
}

function isExport({ kind }: SurfacePart): boolean {
  return kind === 'export';
}

function isGlobal({ kind }: SurfacePart): boolean {
  return kind === 'global';
}

/** `declare module 'name'` is named with its quotes. */
function unquoted(name: string): string {
  return name.replace(/^(['"])(.*)\1$/, '$2');
}
