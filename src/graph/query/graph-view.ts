import type { GraphPatch } from '../graph-patch.ts';
import { EDGE_KINDS, NO_FILE, NODE_FLAGS, NODE_KINDS } from '../graph-schema.ts';
import type { EdgeKind, FileState, GraphColumns, GraphFile, NodeKind } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import { degreeOf, forwardAdjacency, reverseAdjacency } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { DispatchIndex } from './dispatch-index.ts';
import { EXPORTS } from './edge-groups.ts';
import { importanceOf } from './importance.ts';
import { memberIndexOf } from './member-index.ts';
import type { MemberIndex } from './member-index.ts';
import { groupByName, moveNames } from './name-rows.ts';
import { patchPriors, priorsOf } from './search-prior.ts';
import { LiveRows } from './live-rows.ts';
import type { RowChanges } from './row-changes.ts';
import { createSearchIndex, patchSearchIndex } from './search-index.ts';
import type { SearchIndex } from './search-index.ts';

const FILE_KIND = NODE_KINDS.indexOf('file');
/** Kinds whose inside is seen by nobody else, but for members: a component may be a class. */
const BODIES = kindSet(['function', 'method', 'accessor', 'constructor', 'component', 'test', 'route']);
const MEMBERS = kindSet(['method', 'accessor', 'property', 'constructor']);

/** More than a generation is patched; and with them a generation is still an integer that doubles hold. */
const EDITIONS = 2 ** 20;

export interface PublishedGraph {
  readonly generation: number;
  /** ISO 8601. */
  readonly publishedAt: string;
  /** Patches so far. */
  readonly revision?: number;
}

/**
 * One generation in memory with the indexes that questions need, each made when it is first asked for. A node is named
 * by its row, which it keeps while edits are applied as patches; a new generation is a new view.
 */
export class GraphView {
  readonly generation: number;
  /** ISO 8601. */
  readonly indexedAt: string;
  /** Rows of what is gone are empty: without id, and of no kind. */
  columns: GraphColumns;
  /** Patches so far. */
  revision: number;
  #live: LiveRows | undefined;
  #unsearchable: { readonly nodes: Set<number>; readonly files: Set<number> } | undefined;
  #forward: Adjacency | undefined;
  #reverse: Adjacency | undefined;
  #rowsById: Map<string, number> | undefined;
  #rowsByName: Map<string, number[]> | undefined;
  #fileRows: ReadonlyMap<string, number> | undefined;
  #members: MemberIndex | undefined;
  #searchIndex: SearchIndex | undefined;
  #importance: Float64Array | undefined;
  #priors: Float32Array | undefined;
  #scratch: Int32Array | undefined;
  #dispatch: DispatchIndex | undefined;
  /** By file: 1 of tests, 0 not, -1 not looked at. */
  #testFiles: Int8Array | undefined;

  constructor(columns: GraphColumns, published: PublishedGraph) {
    this.columns = columns;
    this.generation = published.generation;
    this.revision = published.revision ?? 0;
    this.indexedAt = published.publishedAt;
  }

  /** Another number after each change: what was worked out before may be out of date. */
  get edition(): number {
    return this.generation * EDITIONS + (this.revision % EDITIONS);
  }

  get nodeCount(): number {
    return this.columns.nodes.count;
  }

  get forward(): Adjacency {
    this.#forward ??= forwardAdjacency(this.nodeCount, this.columns.edges);
    return this.#forward;
  }

  get reverse(): Adjacency {
    this.#reverse ??= reverseAdjacency(this.nodeCount, this.columns.edges);
    return this.#reverse;
  }

  get rowsByName(): ReadonlyMap<string, readonly number[]> {
    this.#rowsByName ??= groupByName(this.columns.nodes);
    return this.#rowsByName;
  }

  get searchIndex(): SearchIndex {
    if (this.#searchIndex === undefined) this.#searchIndex = createSearchIndex(this.columns, this.forward);
    else if (this.#unsearchable !== undefined) {
      this.#searchIndex = patchSearchIndex(this.#searchIndex, this, this.#unsearchable);
    }
    this.#unsearchable = undefined;
    return this.#searchIndex;
  }

  /** PageRank of every node. */
  get importance(): Float64Array {
    this.#importance ??= importanceOf(this);
    return this.#importance;
  }

  /** How likely each node is meant when its words fit. */
  get priors(): Float32Array {
    this.#priors ??= priorsOf(this);
    return this.#priors;
  }

  /** Where calls may go that are decided at run time. */
  get dispatch(): DispatchIndex {
    this.#dispatch ??= new DispatchIndex(this);
    return this.#dispatch;
  }

  /** A zero for each node, for one traversal at a time to mark; it puts the zeros back. Saves making one a question. */
  get scratch(): Int32Array {
    this.#scratch ??= new Int32Array(this.nodeCount);
    return this.#scratch;
  }

  rowOfId(id: string): number | undefined {
    this.#rowsById ??= new Map(this.columns.nodes.id.map((each, row) => [each, row]));
    const row = this.#rowsById.get(id);
    // The table may still hold what is gone.
    return row !== undefined && this.columns.nodes.id[row] === id ? row : undefined;
  }

  /** Brings the view to a newer state of the workspace. */
  apply(patch: GraphPatch): RowChanges {
    this.#live ??= new LiveRows(this);
    const { changes, columns, forward, reverse } = this.#live.apply(patch);
    const firstNewFile = this.columns.files.length;
    this.columns = columns;
    this.revision += 1;
    this.#forward = forward;
    this.#reverse = reverse;
    this.#members = undefined;
    this.#dispatch = undefined;
    this.#scratch = undefined;
    this.#fileRows = undefined;
    this.#testFiles = undefined;
    for (const row of changes.changedRows) this.#rowsById?.set(columns.nodes.id[row] ?? '', row);
    if (this.#rowsByName !== undefined) moveNames(this.#rowsByName, columns.nodes.name, changes);
    // How much leans on each node hardly changes by an edit: it is worked out again with the next generation.
    if (this.#importance !== undefined) this.#importance = withLength(this.#importance, columns.nodes.count);
    if (this.#priors !== undefined) this.#priors = patchPriors(this.#priors, this, changes.changedRows);
    if (this.#searchIndex !== undefined) this.#noteUnsearchable(changes, firstNewFile);
    return changes;
  }

  /** The row of a file's own node, by its relative path. */
  rowOfFile(path: string): number | undefined {
    this.#fileRows ??= fileRowsOf(this);
    return this.#fileRows.get(path);
  }

  /** Rows directly inside a node, in source order. */
  membersOf(row: number): readonly number[] {
    this.#members ??= memberIndexOf(this.columns.nodes);
    return Array.from(this.#members.rows.subarray(this.#members.offsets[row], this.#members.offsets[row + 1]));
  }

  /** The node and everything inside it, at any depth. */
  withDescendants(row: number): number[] {
    const rows = [row];
    // The list grows while it is walked.
    for (const current of rows) rows.push(...this.membersOf(current));
    return rows;
  }

  /** Whether a node is another or lies in it. */
  isWithin(row: number, outer: number): boolean {
    for (let current = row; current >= 0; current = this.containerOf(current)) if (current === outer) return true;
    return false;
  }

  /** Whether something stands in the row: what is gone leaves it empty. */
  isThere(row: number): boolean {
    return this.columns.nodes.id[row] !== '';
  }

  kindOf(row: number): NodeKind {
    return NODE_KINDS[this.columns.nodes.kind[row] ?? 0] ?? 'file';
  }

  edgeKindOf(edge: number): EdgeKind {
    return EDGE_KINDS[this.columns.edges.kind[edge] ?? 0] ?? 'references';
  }

  nameOf(row: number): string {
    return this.columns.nodes.name[row] ?? '';
  }

  /** Whether it stands in a file of tests. */
  isTest(row: number): boolean {
    const { files, nodes } = this.columns;
    const file = nodes.file[row] ?? -1;
    this.#testFiles ??= new Int8Array(files.length).fill(-1);
    if (this.#testFiles[file] === -1) this.#testFiles[file] = isTestPath(files[file]?.path ?? '') ? 1 : 0;
    return this.#testFiles[file] === 1;
  }

  /** The enclosing node, or -1. */
  containerOf(row: number): number {
    return this.columns.nodes.container[row] ?? -1;
  }

  /** Names from the outermost declaration inwards, without the file: `['Service', 'find']`. */
  qualifiersOf(row: number): string[] {
    const names: string[] = [];
    for (let current = row; current >= 0; current = this.containerOf(current)) {
      if (current !== row && this.columns.nodes.kind[current] === FILE_KIND) break;
      names.push(this.nameOf(current));
    }
    return names.toReversed();
  }

  /** `Service.find`; for a file its path. */
  qualifiedNameOf(row: number): string {
    return this.columns.nodes.kind[row] === FILE_KIND ? this.pathOf(row) : this.qualifiersOf(row).join('.');
  }

  fileOf(row: number): GraphFile {
    return this.columns.files[this.columns.nodes.file[row] ?? -1] ?? NO_FILE;
  }

  pathOf(row: number): string {
    return this.fileOf(row).path;
  }

  lineOf(row: number): number {
    return this.columns.nodes.line[row] ?? 0;
  }

  /** Visible outside its file: exported itself, or a member of what is. What stands inside a function is not. */
  isExported(row: number): boolean {
    const { flags, kind } = this.columns.nodes;
    let isMember = false;
    for (let current = row; current >= 0 && kind[current] !== FILE_KIND; current = this.containerOf(current)) {
      if (current !== row && !isMember && BODIES.has(kind[current] ?? 0)) return false;
      if (((flags[current] ?? 0) & NODE_FLAGS.exported) !== 0) return true;
      if (degreeOf(this.reverse, current, EXPORTS) > 0) return true;
      isMember = MEMBERS.has(kind[current] ?? 0);
    }
    return false;
  }

  #noteUnsearchable({ changedRows, removedRows }: RowChanges, firstNewFile: number): void {
    this.#unsearchable ??= { nodes: new Set(), files: new Set() };
    for (const row of changedRows) this.#unsearchable.nodes.add(row);
    for (const row of removedRows) this.#unsearchable.nodes.add(row);
    for (let row = firstNewFile; row < this.columns.files.length; row += 1) this.#unsearchable.files.add(row);
  }

  countFiles(state: FileState): number {
    return this.columns.files.filter((file) => file.path !== '' && file.state === state).length;
  }

  /** Without empty rows. */
  countNodes(): number {
    return this.columns.nodes.id.reduce((count, id) => count + (id === '' ? 0 : 1), 0);
  }
}

function kindSet(kinds: readonly NodeKind[]): ReadonlySet<number> {
  return new Set(kinds.map((kind) => NODE_KINDS.indexOf(kind)));
}

function withLength(ranks: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(ranks.subarray(0, length));
  return longer;
}

function fileRowsOf(view: GraphView): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (view.columns.nodes.kind[row] === FILE_KIND) rows.set(view.pathOf(row), row);
  }
  return rows;
}
