import { EDGE_KINDS, NODE_FLAGS, NODE_KINDS } from '../graph-schema.ts';
import type { EdgeKind, FileState, GraphColumns, GraphFile, NodeKind } from '../graph-schema.ts';
import { degreeOf, forwardAdjacency, reverseAdjacency } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { DispatchIndex } from './dispatch-index.ts';
import { EXPORTS } from './edge-groups.ts';
import { importanceOf } from './importance.ts';
import { priorsOf } from './search-prior.ts';
import { createSearchIndex } from './search-index.ts';
import type { SearchIndex } from './search-index.ts';

const FILE_KIND = NODE_KINDS.indexOf('file');
/** Kinds whose inside is seen by nobody else, but for members: a component may be a class. */
const BODIES = kindSet(['function', 'method', 'accessor', 'constructor', 'component', 'test', 'route']);
const MEMBERS = kindSet(['method', 'accessor', 'property', 'constructor']);

const UNKNOWN_FILE: GraphFile = {
  path: '',
  hash: '',
  bytes: 0,
  modifiedMs: 0,
  lines: 0,
  state: 'skipped',
  note: '',
  unresolved: 0,
};

/**
 * One generation in memory with the indexes that questions need, each made when it is first asked for. A node is named
 * by its row. Never changes: a new generation is a new view.
 */
export class GraphView {
  readonly generation: number;
  /** ISO 8601. */
  readonly indexedAt: string;
  readonly columns: GraphColumns;
  #forward: Adjacency | undefined;
  #reverse: Adjacency | undefined;
  #rowsById: ReadonlyMap<string, number> | undefined;
  #rowsByName: ReadonlyMap<string, readonly number[]> | undefined;
  #fileRows: ReadonlyMap<string, number> | undefined;
  #members: MemberIndex | undefined;
  #searchIndex: SearchIndex | undefined;
  #importance: Float64Array | undefined;
  #priors: Float32Array | undefined;
  #scratch: Int32Array | undefined;
  #dispatch: DispatchIndex | undefined;

  constructor(columns: GraphColumns, published: { readonly generation: number; readonly publishedAt: string }) {
    this.columns = columns;
    this.generation = published.generation;
    this.indexedAt = published.publishedAt;
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
    this.#rowsByName ??= groupByName(this.columns.nodes.name);
    return this.#rowsByName;
  }

  get searchIndex(): SearchIndex {
    this.#searchIndex ??= createSearchIndex(this.columns, this.forward);
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
    this.#rowsById ??= new Map(this.columns.nodes.id.map((id, row) => [id, row]));
    return this.#rowsById.get(id);
  }

  /** The row of a file's own node, by its relative path. */
  rowOfFile(path: string): number | undefined {
    this.#fileRows ??= fileRowsOf(this);
    return this.#fileRows.get(path);
  }

  /** Rows directly inside a node, in source order. */
  membersOf(row: number): readonly number[] {
    this.#members ??= memberIndexOf(this.columns.nodes.container);
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

  kindOf(row: number): NodeKind {
    return NODE_KINDS[this.columns.nodes.kind[row] ?? 0] ?? 'file';
  }

  edgeKindOf(edge: number): EdgeKind {
    return EDGE_KINDS[this.columns.edges.kind[edge] ?? 0] ?? 'references';
  }

  nameOf(row: number): string {
    return this.columns.nodes.name[row] ?? '';
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
    return this.columns.files[this.columns.nodes.file[row] ?? -1] ?? UNKNOWN_FILE;
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

  countFiles(state: FileState): number {
    return this.columns.files.filter((file) => file.state === state).length;
  }
}

function kindSet(kinds: readonly NodeKind[]): ReadonlySet<number> {
  return new Set(kinds.map((kind) => NODE_KINDS.indexOf(kind)));
}

interface MemberIndex {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

function groupByName(names: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, name] of names.entries()) {
    const group = rows.get(name);
    if (group === undefined) rows.set(name, [row]);
    else group.push(row);
  }
  return rows;
}

function fileRowsOf(view: GraphView): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < view.nodeCount; row += 1) {
    if (view.columns.nodes.kind[row] === FILE_KIND) rows.set(view.pathOf(row), row);
  }
  return rows;
}

function memberIndexOf(container: Int32Array): MemberIndex {
  const count = container.length;
  const offsets = new Int32Array(count + 1);
  for (const parent of container) if (parent >= 0) offsets[parent + 1] = (offsets[parent + 1] ?? 0) + 1;
  for (let row = 0; row < count; row += 1) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0);
  const next = offsets.slice(0, count);
  const rows = new Int32Array(offsets[count] ?? 0);
  for (const [row, parent] of container.entries()) {
    if (parent < 0) continue;
    const at = next[parent] ?? 0;
    next[parent] = at + 1;
    rows[at] = row;
  }
  return { offsets, rows };
}
