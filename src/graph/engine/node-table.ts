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
  readonly #fileOf: readonly number[];
  readonly #paths: readonly string[];
  readonly #engineFiles: ReadonlyMap<string, number>;
  readonly #firstNode: number[] = [];
  readonly #byAnchor: Map<number, number>[] = [];

  constructor(files: readonly GraphFile[], scanned: readonly string[]) {
    const rows = new Map(files.map((file, row) => [file.path, row]));
    this.#fileOf = scanned.map((path) => rows.get(path) ?? -1);
    this.#paths = files.map((file) => file.path);
    this.#engineFiles = new Map(scanned.map((path, index) => [path, index]));
    for (const [row, file] of files.entries())
      this.#push(fileNode(file.path), { file: row, container: -1, id: file.path });
  }

  /** Adds the declarations of one scanned file; `index` is its place in the engine's list. */
  add(scan: FileScan, index: number): void {
    const first = this.#id.length;
    const anchors = new Map<number, number>();
    this.#firstNode[index] = first;
    this.#byAnchor[index] = anchors;
    const paths: string[] = [];
    for (const [local, node] of scan.nodes.entries()) {
      const above = node.container < 0 ? scan.path : (paths[node.container] ?? scan.path);
      const id = `${above}\u0000${node.name}\u0000${node.kind}\u0000${node.ordinal}`;
      paths.push(id);
      this.#push(node, { file: this.fileAt(index), container: this.nodeAt(index, node.container), id });
      if (!anchors.has(node.nameStart)) anchors.set(node.nameStart, first + local);
    }
  }

  /** Workspace file of the engine's file `index`; also the node that stands for that file. */
  fileAt(index: number): number {
    return this.#fileOf[index] ?? -1;
  }

  /** Node of a scan's local index; the file's own node for -1. */
  nodeAt(index: number, local: number): number {
    return local < 0 ? this.fileAt(index) : (this.#firstNode[index] ?? 0) + local;
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

  /** Container to member for all, and file to what it exports where it is declared. */
  addContains(edges: EdgeColumns): void {
    for (let node = 0; node < this.#id.length; node += 1) {
      const container = this.#container.at(node);
      if (container < 0) continue;
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

  #push(node: ScannedNode, place: { file: number; container: number; id: string }): void {
    this.#id.push(hash('sha256', place.id).slice(0, ID_DIGITS));
    this.#name.push(node.name);
    this.#signature.push(node.signature);
    this.#doc.push(node.doc);
    this.#kind.push(KIND_CODES.get(node.kind) ?? 0);
    this.#file.push(place.file);
    this.#container.push(place.container);
    this.#start.push(node.start);
    this.#end.push(node.end);
    this.#line.push(node.line);
    this.#column.push(node.column);
    this.#flags.push(node.flags);
  }
}

function fileNode(path: string): ScannedNode {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const nothing = { container: -1, ordinal: 0, start: 0, end: 0, nameStart: -1, flags: 0, signature: '', doc: '' };
  return { ...nothing, kind: 'file', name, line: 1, column: 1 };
}
