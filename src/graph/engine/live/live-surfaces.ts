import type { GraphEdges } from '../../graph-schema.ts';
import type { FileSurface, SurfacePart, SurfacePiece } from '../../file-surface.ts';
import type { LiveSource } from '../../type-source.ts';
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
  /** Once it has been asked for. */
  surface?: FileSurface | undefined;
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
    const before = how === 'edited' ? this.#formerSurface(former) : how === 'created' ? undefined : now;
    if (now === undefined || before === undefined) {
      this.#addAll(former, now?.parts ?? []);
      return;
    }
    const index = this.#files.indexOf(path);
    const rows = this.#rowsOf(index);
    const diff = diffSurfaces({
      before: stateOf(before, former.edges),
      now: stateOf(now, this.#files.edges.of(index)),
      isChanged: (row) => this.#changed.has(row),
      changedNames: this.#changed.names,
      typesOf: (starts, when) =>
        how === 'late' && when === 'before' ? undefined : this.#live.functionTypes(path, starts, when),
    });
    this.#changed.add(rowsWithin(diff.before, former.rows));
    this.#addPieces(former, { rows, pieces: diff.now, parts: now.parts });
    if (diff.isExportChanged) this.#changed.add([this.#files.table.fileAt(index)]);
    const members = diff.holders.flatMap((part) => part.members);
    const within = new Set(rowsWithin(members, rows));
    this.#changed.addHolders(rowsWithin(diff.holders, rows).filter((row) => !within.has(row)));
  }

  #formerSurface(former: FormerFile): FileSurface | undefined {
    former.surface ??= this.#live.surface(former.path, 'before');
    return former.surface;
  }

  /** There is nothing to compare with. */
  #addAll(former: FormerFile, parts: readonly SurfacePart[]): void {
    const index = this.#files.indexOf(former.path);
    this.#changed.add(former.rows.map(({ row }) => row));
    this.#addPieces(former, { rows: this.#rowsOf(index), pieces: parts, parts });
    if (parts.some(({ kind }) => kind === 'export')) this.#changed.add([this.#files.table.fileAt(index)]);
  }

  /** Takes what stands in pieces of the present text for changed. */
  #addPieces({ path, rows: former }: FormerFile, { rows, pieces, parts }: PresentPieces): void {
    const { table } = this.#files;
    const inside = rowsWithin(pieces, rows);
    this.#changed.add(inside);
    const known = new Set(former.map(({ row }) => row));
    const globals = new Set(
      rowsWithin(
        parts.filter(({ kind }) => kind === 'global'),
        rows,
      ),
    );
    const file = table.fileAt(this.#files.indexOf(path));
    const names = { importers: new Set<string>(), reached: new Set<string>(), all: new Set<string>() };
    for (const row of inside) {
      if (known.has(row)) continue;
      const isOutermost = table.containerOf(row) === file;
      names[globals.has(row) ? 'all' : isOutermost ? 'importers' : 'reached'].add(unquoted(table.nameAt(row)));
    }
    for (const scope of ['importers', 'reached', 'all'] as const) {
      this.#changed.addNames({ path, names: names[scope], scope });
    }
  }
}

interface PresentPieces {
  /** All of the file. */
  readonly rows: readonly PlacedRow[];
  readonly parts: readonly SurfacePart[];
  /** That have changed. */
  readonly pieces: readonly SurfacePiece[];
}

function stateOf(
  { parts, lineStarts }: FileSurface,
  edges: GraphEdges,
): { parts: readonly SurfacePart[]; targets: PlacedTargets } {
  return { parts, targets: new PlacedTargets(edges, lineStarts) };
}

function rowsWithin(parts: readonly SurfacePiece[], rows: readonly PlacedRow[]): number[] {
  const isInside = (offset: number): boolean => parts.some(({ start, end }) => offset >= start && offset < end);
  return rows.filter(({ offset }) => isInside(offset)).map(({ row }) => row);
}

/** `declare module 'name'` is named with its quotes. */
function unquoted(name: string): string {
  return name.replace(/^(['"])(.*)\1$/, '$2');
}
