import type { NodeTable } from '../node-table.ts';

export interface NewNames {
  /** File that declares them. */
  readonly path: string;
  readonly names: ReadonlySet<string>;
  /**
   * Who may mean them: files that import that one, or what it is given out by; files that it reaches by whatever links,
   * for names of members, since types come along unnamed; or all, for what is declared globally.
   */
  readonly scope: 'importers' | 'reached' | 'all';
}

/** What may look different from outside, and what of it has not been passed on to its users yet. */
export class ChangedRows {
  readonly #table: NodeTable;
  readonly #rows = new Set<number>();
  /** Passed on since the last change. */
  readonly #passedOn = new Set<number>();
  #fresh = new Set<number>();
  #newNames: NewNames[] = [];
  /** Of which only members have changed. */
  readonly #holders = new Set<number>();
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

  /** What a change of its members may concern in ways that are met nowhere by name, such as a conditional type. */
  addHolders(rows: Iterable<number>): void {
    for (const row of rows) this.#holders.add(row);
  }

  /** Takes them for changed; returns whether there are any. */
  admitHolders(): boolean {
    const isAny = this.#holders.size > 0;
    this.add(this.#holders);
    this.#holders.clear();
    return isAny;
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
