import type { NodeTable } from '../node-table.ts';

export interface NewNames {
  /** File that declares them. */
  readonly path: string;
  readonly names: ReadonlySet<string>;
  /** Seen by files that don't import that one, too. */
  readonly isGlobal: boolean;
}

/** What may look different from outside, and what of it has not been passed on to its users yet. */
export class ChangedRows {
  readonly #table: NodeTable;
  readonly #rows = new Set<number>();
  /** Passed on since the last change. */
  readonly #passedOn = new Set<number>();
  #fresh = new Set<number>();
  #newNames: NewNames[] = [];
  /** Of the rows, to find them in printed types. */
  readonly names = new Set<string>();

  constructor(table: NodeTable) {
    this.#table = table;
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  add(rows: Iterable<number>): void {
    for (const row of rows) {
      this.#rows.add(row);
      if (!this.#passedOn.has(row)) this.#fresh.add(row);
      this.names.add(this.#table.nameAt(row));
    }
  }

  addNames(names: NewNames): void {
    if (names.names.size > 0) this.#newNames.push(names);
  }

  /** Rows that came since the last time. */
  take(): ReadonlySet<number> {
    const fresh = this.#fresh;
    this.#fresh = new Set();
    for (const row of fresh) this.#passedOn.add(row);
    return fresh;
  }

  takeNewNames(): readonly NewNames[] {
    const names = this.#newNames;
    this.#newNames = [];
    return names;
  }

  /**
   * Another change comes: what changes by it is passed on even if it did so before. While users of the former change are
   * waiting, what it changed is kept in mind for them.
   */
  next(isAnyWaiting: boolean): void {
    this.#passedOn.clear();
    if (isAnyWaiting) return;
    this.#rows.clear();
    this.names.clear();
  }
}
