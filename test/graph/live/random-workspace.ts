import { createHash } from 'node:crypto';
import type { GraphPatch, PatchedFile } from '../../../src/graph/graph-patch.ts';
import { EDGE_KINDS, NODE_FLAGS, NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type {
  EdgeKind,
  GraphColumns,
  GraphEdges,
  GraphFile,
  GraphNodes,
  NodeKind,
} from '../../../src/graph/graph-schema.ts';

/** What is used, by its path and its names: it may be gone, and come back. */
interface Use {
  readonly target: string;
  readonly kind: EdgeKind;
}

interface Declaration {
  readonly name: string;
  readonly kind: NodeKind;
  readonly isExported: boolean;
  readonly doc: string;
  readonly uses: readonly Use[];
  readonly members: readonly Declaration[];
}

type Files = ReadonlyMap<string, readonly Declaration[]>;

const NAMES = ['readOrder', 'writeOrder', 'Shop', 'Basket', 'priceOf', 'taxRate', 'close', 'openAll', 'Ledger', 'sum'];
const PATHS = [
  'src/shop.ts',
  'src/cart/index.ts',
  'src/cart/price.ts',
  'src/tax.ts',
  'lib/store.ts',
  'lib/deep/log.ts',
];
const WORDS = ['writes', 'the', 'order', 'shelf', 'quickly', 'ledger', 'again', 'never'];
const CALLED: readonly EdgeKind[] = ['calls', 'passes', 'references'];
const TYPED: readonly EdgeKind[] = ['constructs', 'type-uses', 'extends'];

/**
 * A workspace that is edited at random: declarations come, go, move, get other names, docs and uses; files come, go, get
 * other paths and come back. The same seed gives the same edits.
 */
export class RandomWorkspace {
  readonly #random: () => number;
  #files: Files;

  constructor(random: () => number) {
    this.#random = random;
    this.#files = new Map();
    for (let turn = 0; turn < 3; turn += 1) this.#files = this.#withFile(this.#pick(PATHS), this.#declarations());
  }

  /** What an engine would say that reads all files now. */
  columns(): GraphColumns {
    return joined(this.#patchedFiles());
  }

  /** Some edits, and the patch that says what they changed: also of files whose names lead elsewhere now. */
  edit(): GraphPatch {
    const before = new Map(this.#patchedFiles().map((file) => [file.file.path, JSON.stringify(file)]));
    for (let turn = this.#below(3); turn >= 0; turn -= 1) this.#editOnce();
    const now = this.#patchedFiles();
    const paths = new Set(now.map(({ file }) => file.path));
    return {
      files: now.filter((file) => before.get(file.file.path) !== JSON.stringify(file)),
      removed: [...before.keys()].filter((path) => !paths.has(path)),
      unresolvedPackages: this.#random() < 0.2 ? ['lost'] : [],
    };
  }

  #editOnce(): void {
    const path = this.#pick([...this.#files.keys()]);
    const declarations = path === undefined ? [] : (this.#files.get(path) ?? []);
    const dice = this.#random();
    if (path === undefined || dice < 0.1) this.#files = this.#withFile(this.#pick(PATHS), this.#declarations());
    else if (dice < 0.2) this.#files = without(this.#files, path);
    else if (dice < 0.3) this.#files = this.#withFile(this.#pick(PATHS), declarations, path);
    else this.#files = new Map([...this.#files, [path, this.#edited(declarations)]]);
  }

  #edited(declarations: readonly Declaration[]): readonly Declaration[] {
    const dice = this.#random();
    const at = this.#below(declarations.length);
    const chosen = declarations[at];
    if (chosen === undefined || dice < 0.25) return declarations.toSpliced(at, 0, this.#declaration());
    if (dice < 0.45) return declarations.toSpliced(at, 1);
    if (dice < 0.55) return [chosen, ...declarations.toSpliced(at, 1)];
    return declarations.with(at, this.#changed(chosen));
  }

  #changed(chosen: Declaration): Declaration {
    const fresh = this.#declaration();
    const dice = this.#random();
    if (dice < 0.3) return { ...chosen, name: fresh.name };
    if (dice < 0.5) return { ...chosen, doc: fresh.doc, isExported: fresh.isExported };
    if (dice < 0.7 && chosen.kind === 'class') return { ...chosen, members: this.#members() };
    return { ...chosen, uses: this.#uses() };
  }

  #withFile(path = 'src/first.ts', declarations: readonly Declaration[] = [], former?: string): Files {
    return new Map([...without(this.#files, former), [path, declarations]]);
  }

  #declarations(): readonly Declaration[] {
    return Array.from({ length: this.#below(6) }, () => this.#declaration());
  }

  #declaration(): Declaration {
    const kind = this.#pick<NodeKind>(['function', 'class', 'function', 'variable']) ?? 'function';
    return { ...this.#part(kind), members: kind === 'class' ? this.#members() : [] };
  }

  #members(): readonly Declaration[] {
    return Array.from({ length: this.#below(4) }, () => ({ ...this.#part('method'), members: [] }));
  }

  #part(kind: NodeKind): Omit<Declaration, 'members'> {
    const doc = Array.from({ length: this.#below(4) }, () => this.#pick(WORDS)).join(' ');
    return { name: this.#pick(NAMES) ?? '', kind, isExported: this.#random() < 0.5, doc, uses: this.#uses() };
  }

  #uses(): readonly Use[] {
    return Array.from({ length: this.#below(4) }, () => {
      const names = [this.#pick(NAMES), ...(this.#random() < 0.4 ? [this.#pick(NAMES)] : [])];
      const kind = this.#pick(this.#random() < 0.6 ? CALLED : TYPED) ?? 'calls';
      return { target: `${this.#pick(PATHS)}#${names.join('.')}`, kind };
    });
  }

  #patchedFiles(): PatchedFile[] {
    const scanned = new Map([...this.#files].map(([path, declarations]) => [path, scan(path, declarations)]));
    const ids = new Map<string, string>();
    for (const { names } of scanned.values()) for (const [name, id] of names) ids.set(name, id);
    return [...scanned].map(([path, file]) => patchedFile(path, file, ids));
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#below(items.length)];
  }
}

function without(files: Files, path: string | undefined): Files {
  return new Map([...files].filter(([each]) => each !== path));
}

interface ScannedRow extends Omit<Declaration, 'members'> {
  readonly id: string;
  readonly container: number;
  readonly end: number;
}

interface Scanned {
  readonly rows: readonly ScannedRow[];
  /** Ids by `path#name`, the first of the same name. */
  readonly names: ReadonlyMap<string, string>;
}

/** In the order of the source, each row a line. */
function scan(path: string, declarations: readonly Declaration[]): Scanned {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const count = declarations.reduce((sum, { members }) => sum + 1 + members.length, 1);
  const file = { name, kind: 'file', isExported: false, doc: '', uses: [] } as const;
  const rows: ScannedRow[] = [{ ...file, id: hashOf(path), container: -1, end: count }];
  const names = new Map<string, string>();
  const ordinals = new Map<string, number>();
  const add = (declaration: Declaration, container: number, qualified: string): void => {
    const key = `${path}#${qualified} ${declaration.kind}`;
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const id = hashOf(`${rows[container]?.id} ${key} ${ordinal}`);
    const place = `${path}#${qualified}`;
    if (!names.has(place)) names.set(place, id);
    const { members, ...rest } = declaration;
    const row = rows.length;
    rows.push({ ...rest, id, container, end: row + 1 + members.length });
    for (const member of members) add(member, row, `${qualified}.${member.name}`);
  };
  for (const declaration of declarations) add(declaration, 0, declaration.name);
  return { rows, names };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly line: number;
}

/** Names that lead nowhere have no edge. */
function patchedFile(path: string, { rows }: Scanned, known: ReadonlyMap<string, string>): PatchedFile {
  const edges: Edge[] = [];
  let unresolved = 0;
  for (const [row, { id, container, uses }] of rows.entries()) {
    const from = rows[container]?.id;
    if (from !== undefined) edges.push({ from, to: id, kind: 'contains', line: row });
    for (const { target, kind } of uses) {
      const to = known.get(target);
      if (to === undefined) unresolved += 1;
      else edges.push({ from: id, to, kind, line: row });
      const other = target.slice(0, target.indexOf('#'));
      if (to !== undefined && other !== path) {
        edges.push({ from: hashOf(path), to: hashOf(other), kind: 'imports', line: row });
      }
    }
  }
  const hash = hashOf(JSON.stringify(rows));
  const file: GraphFile = {
    path,
    hash,
    bytes: rows.length,
    modifiedMs: 1,
    lines: rows.length,
    state: 'typed',
    note: '',
    unresolved,
  };
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return { file, nodes: nodesOf(rows), ids, edges: edgesOf(edges, ids) };
}

function nodesOf(rows: readonly ScannedRow[]): GraphNodes {
  return {
    count: rows.length,
    id: rows.map(({ id }) => id),
    name: rows.map(({ name }) => name),
    kind: Uint8Array.from(rows, ({ kind }) => NODE_KINDS.indexOf(kind)),
    file: new Int32Array(rows.length),
    container: Int32Array.from(rows, ({ container }) => container),
    start: Int32Array.from(rows.keys()),
    end: Int32Array.from(rows, ({ end }) => end),
    line: Int32Array.from(rows.keys(), (row) => row + 1),
    column: new Int32Array(rows.length).fill(1),
    flags: Uint8Array.from(rows, ({ isExported }) => (isExported ? NODE_FLAGS.exported : 0)),
    signature: rows.map(({ name, kind }) => `${kind} ${name}`),
    doc: rows.map(({ doc }) => doc),
  };
}

function edgesOf(edges: readonly Edge[], ids: readonly string[]): GraphEdges {
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  return {
    count: edges.length,
    source: Int32Array.from(edges, ({ from }) => rowOf.get(from) ?? -1),
    target: Int32Array.from(edges, ({ to }) => rowOf.get(to) ?? -1),
    kind: Uint8Array.from(edges, ({ kind }) => EDGE_KINDS.indexOf(kind)),
    provenance: new Uint8Array(edges.length),
    file: new Int32Array(edges.length),
    line: Int32Array.from(edges, ({ line }) => line + 1),
    column: Int32Array.from(edges.keys(), (at) => at + 1),
  };
}

function joined(files: readonly PatchedFile[]): GraphColumns {
  const nodes = files.flatMap(({ nodes: { id } }) => id);
  const rowOf = new Map(nodes.map((id, row) => [id, row]));
  let first = 0;
  const containers = files.flatMap(({ nodes: { container, count } }) => {
    const rows = Array.from(container, (row) => (row < 0 ? -1 : row + first));
    first += count;
    return rows;
  });
  const ints = (pick: (file: PatchedFile) => Iterable<number>): Int32Array =>
    Int32Array.from(files.flatMap((file) => [...pick(file)]));
  const bytes = (pick: (file: PatchedFile) => Iterable<number>): Uint8Array =>
    Uint8Array.from(files.flatMap((file) => [...pick(file)]));
  const ends = ({ ids }: PatchedFile, rows: Int32Array): Int32Array =>
    rows.map((row) => rowOf.get(ids[row] ?? '') ?? -1);
  return {
    engine: 'ts7',
    files: files.map(({ file }) => file),
    nodes: {
      count: nodes.length,
      id: nodes,
      name: files.flatMap((file) => file.nodes.name),
      kind: bytes((file) => file.nodes.kind),
      file: Int32Array.from(files.flatMap((file, at) => file.nodes.id.map(() => at))),
      container: Int32Array.from(containers),
      start: ints((file) => file.nodes.start),
      end: ints((file) => file.nodes.end),
      line: ints((file) => file.nodes.line),
      column: ints((file) => file.nodes.column),
      flags: bytes((file) => file.nodes.flags),
      signature: files.flatMap((file) => file.nodes.signature),
      doc: files.flatMap((file) => file.nodes.doc),
    },
    edges: {
      count: files.reduce((sum, file) => sum + file.edges.count, 0),
      source: ints((file) => ends(file, file.edges.source)),
      target: ints((file) => ends(file, file.edges.target)),
      kind: bytes((file) => file.edges.kind),
      provenance: bytes((file) => file.edges.provenance),
      file: Int32Array.from(files.flatMap((file, at) => Array.from(file.edges.kind, () => at))),
      line: ints((file) => file.edges.line),
      column: ints((file) => file.edges.column),
    },
    unresolvedPackages: [],
    warnings: [],
  };
}
