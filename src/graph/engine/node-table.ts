import { hash } from 'node:crypto';
import { NODE_FLAGS, NODE_KINDS } from '../graph-schema.ts';
import type { GraphFile, GraphNodes, NodeKind } from '../graph-schema.ts';
import type { FileScan, ScannedNode } from '../type-source.ts';
import type { EdgeColumns } from './edge-columns.ts';
import { IntColumn } from './int-column.ts';

const KIND_CODES = new Map<NodeKind, number>(NODE_KINDS.map((kind, code) => [kind, code]));
const ID_DIGITS = 16;

/** All nodes with their dense indexes: the files first, in the order of the workspace, then what they declare. */
export class NodeTable {
  readonly #id: string[] = [];
  readonly #name: string[] = [];
  readonly #signature: string[] = [];
  readonly #doc: string[] = [];
  readonly #kind = new IntColumn();
  readonly #file = new IntColumn();
  readonly #container = new IntColumn();
  readonly #start = new IntColumn();
  readonly #end = new IntColumn();
  readonly #line = new IntColumn();
  readonly #column = new IntColumn();
  readonly #flags = new IntColumn();
  /** Workspace file of each file of the engine. */
  readonly #fileOf: number[];
  readonly #paths: string[];
  readonly #engineFiles: Map<string, number>;
  /** Nodes of each file of the engine, in the order of its scan. */
  readonly #rows: Int32Array[] = [];
  readonly #byAnchor: Map<number, number>[] = [];

  constructor(files: readonly GraphFile[], scanned: readonly string[]) {
    const rows = new Map(files.map((file, row) => [file.path, row]));
    this.#fileOf = scanned.map((path) => rows.get(path) ?? -1);
    this.#paths = files.map((file) => file.path);
    this.#engineFiles = new Map(scanned.map((path, index) => [path, index]));
    for (const [row, file] of files.entries())
      this.#push(row, fileNode(file.path), { file: row, container: -1, id: idOf(file.path) });
  }

  /** Adds the declarations of one scanned file; `index` is its place in the engine's list. */
  add(scan: FileScan, index: number): void {
    this.#place(scan, index, () => undefined);
  }

  /** A file that was not there at first. Its number, which is also its node's, is no place in any list of files. */
  addFile(path: string, index: number): void {
    const row = this.#id.length;
    this.#push(row, fileNode(path), { file: row, container: -1, id: idOf(path) });
    this.#fileOf[index] = row;
    this.#paths[row] = path;
    this.#engineFiles.set(path, index);
  }

  /** The declarations of a file that has changed. Those that are still there, by their ids, keep their rows. */
  replace(scan: FileScan, index: number): void {
    const former = new Map<string, number>();
    for (const row of this.rowsOf(index)) former.set(this.idAt(row), row);
    this.#place(scan, index, (id) => former.get(id));
  }

  #place(scan: FileScan, index: number, rowOf: (id: string) => number | undefined): void {
    const anchors = new Map<number, number>();
    const rows = new Int32Array(scan.nodes.length);
    this.#rows[index] = rows;
    this.#byAnchor[index] = anchors;
    const paths: string[] = [];
    for (const [local, node] of scan.nodes.entries()) {
      const above = node.container < 0 ? scan.path : (paths[node.container] ?? scan.path);
      const path = `${above}\u0000${node.name}\u0000${node.kind}\u0000${node.ordinal}`;
      paths.push(path);
      const id = idOf(path);
      const row = rowOf(id) ?? this.#id.length;
      rows[local] = row;
      this.#push(row, node, { file: this.fileAt(index), container: this.nodeAt(index, node.container), id });
      if (!anchors.has(node.nameStart)) anchors.set(node.nameStart, row);
    }
  }

  /** A file that is gone: nothing leads to its nodes any more. */
  removeFile(path: string, index: number): void {
    this.#engineFiles.delete(path);
    this.#rows[index] = new Int32Array(0);
    this.#byAnchor[index] = new Map();
  }

  /** Path of the engine's file `index`. */
  pathAt(index: number): string {
    return this.#paths[this.fileAt(index)] ?? '';
  }

  /** Nodes that an engine's file declares, without its own. */
  rowsOf(index: number): Int32Array {
    return this.#rows[index] ?? new Int32Array(0);
  }

  idAt(row: number): string {
    return this.#id[row] ?? '';
  }

  nameAt(row: number): string {
    return this.#name[row] ?? '';
  }

  startOf(row: number): number {
    return this.#start.at(row);
  }

  /** Workspace file of the engine's file `index`; also the node that stands for that file. */
  fileAt(index: number): number {
    return this.#fileOf[index] ?? -1;
  }

  /** Node of a scan's local index; the file's own node for -1. */
  nodeAt(index: number, local: number): number {
    return local < 0 ? this.fileAt(index) : (this.#rows[index]?.[local] ?? -1);
  }

  /** The node declared at an offset of the engine's file, or of the file itself for -1; undefined for a local. */
  declaredAt(index: number, anchor: number): number | undefined {
    return anchor < 0 ? this.fileAt(index) : this.#byAnchor[index]?.get(anchor);
  }

  kindOf(node: number): NodeKind {
    return NODE_KINDS[this.#kind.at(node)] ?? 'variable';
  }

  /** Path of the file that a node is in. */
  pathOf(node: number): string {
    return this.#paths[this.#file.at(node)] ?? '';
  }

  /** Place of a file in the engine's list; -1 for one that it does not have. */
  engineFile(path: string): number {
    return this.#engineFiles.get(path) ?? -1;
  }

  fileOf(node: number): number {
    return this.#file.at(node);
  }

  containerOf(node: number): number {
    return this.#container.at(node);
  }

  isExported(node: number): boolean {
    return (this.#flags.at(node) & NODE_FLAGS.exported) !== 0;
  }

  placeOf(node: number): { file: number; line: number; column: number } {
    return { file: this.#file.at(node), line: this.#line.at(node), column: this.#column.at(node) };
  }

  /** Container to member for all in a file, and from the file to what it exports where it is declared. */
  addContains(index: number, edges: EdgeColumns): void {
    for (const node of this.rowsOf(index)) {
      const container = this.#container.at(node);
      edges.add({ source: container, target: node, kind: 'contains' }, this.placeOf(node), 'syntax');
      // The route that a decorator makes leads to the method under it.
      if (this.kindOf(node) === 'route' && this.kindOf(container) === 'method') {
        edges.add({ source: node, target: container, kind: 'routes' }, this.placeOf(node), 'syntax');
      }
      const isTopLevel = this.kindOf(container) === 'file';
      if (!isTopLevel || !this.isExported(node)) continue;
      edges.add({ source: container, target: node, kind: 'exports' }, this.placeOf(node), 'syntax');
    }
  }

  toNodes(): GraphNodes {
    return {
      count: this.#id.length,
      id: this.#id,
      name: this.#name,
      kind: this.#kind.toBytes(),
      file: this.#file.toInts(),
      container: this.#container.toInts(),
      start: this.#start.toInts(),
      end: this.#end.toInts(),
      line: this.#line.toInts(),
      column: this.#column.toInts(),
      flags: this.#flags.toBytes(),
      signature: this.#signature,
      doc: this.#doc,
    };
  }

  /** A file's own node and those that it declares, with containers as rows of the same list. */
  nodesOf(index: number): GraphNodes {
    const rows = [this.fileAt(index), ...this.rowsOf(index)];
    const local = new Map(rows.map((row, at) => [row, at]));
    const bytes = (column: IntColumn): Uint8Array => Uint8Array.from(rows, (row) => column.at(row));
    const ints = (column: IntColumn): Int32Array => Int32Array.from(rows, (row) => column.at(row));
    return {
      count: rows.length,
      id: rows.map((row) => this.idAt(row)),
      name: rows.map((row) => this.nameAt(row)),
      kind: bytes(this.#kind),
      file: ints(this.#file),
      container: Int32Array.from(rows, (row) => local.get(this.#container.at(row)) ?? -1),
      start: ints(this.#start),
      end: ints(this.#end),
      line: ints(this.#line),
      column: ints(this.#column),
      flags: bytes(this.#flags),
      signature: rows.map((row) => this.#signature[row] ?? ''),
      doc: rows.map((row) => this.#doc[row] ?? ''),
    };
  }

  /** Writes to the row, which is one of those there are or the next. */
  #push(row: number, node: ScannedNode, place: { file: number; container: number; id: string }): void {
    this.#id[row] = place.id;
    this.#name[row] = node.name;
    this.#signature[row] = node.signature;
    this.#doc[row] = node.doc;
    this.#kind.set(row, KIND_CODES.get(node.kind) ?? 0);
    this.#file.set(row, place.file);
    this.#container.set(row, place.container);
    this.#start.set(row, node.start);
    this.#end.set(row, node.end);
    this.#line.set(row, node.line);
    this.#column.set(row, node.column);
    this.#flags.set(row, node.flags);
  }
}

function idOf(path: string): string {
  return hash('sha256', path).slice(0, ID_DIGITS);
}

function fileNode(path: string): ScannedNode {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const nothing = { container: -1, ordinal: 0, start: 0, end: 0, nameStart: -1, flags: 0, signature: '', doc: '' };
  return { ...nothing, kind: 'file', name, line: 1, column: 1 };
}
