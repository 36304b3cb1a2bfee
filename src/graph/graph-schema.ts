import { z } from 'zod';

/**
 * The words of the code graph. Positions in these lists are stored as small integers: append only.
 */
export const NODE_KINDS = [
  'file',
  'module',
  'namespace',
  'class',
  'interface',
  'enum',
  'type',
  'function',
  'method',
  'accessor',
  'constructor',
  'property',
  'variable',
  'component',
  'test',
  'route',
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export const EDGE_KINDS = [
  'contains',
  'imports',
  'exports',
  're-exports',
  'calls',
  'constructs',
  'extends',
  'implements',
  'overrides',
  'references',
  'type-uses',
  'tests',
  'decorates',
  'writes',
  'value-alias',
  'passes',
  'routes',
  'renders',
] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** How an edge is known: by the type checker, by syntax alone, or as a possible target of dynamic dispatch. */
export const PROVENANCES = ['typed', 'syntax', 'dispatch'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/** How much of a file the graph knows. */
export const FILE_STATES = ['typed', 'syntax', 'skipped'] as const;
export type FileState = (typeof FILE_STATES)[number];

/** TypeScript 6 within ts-morph, TypeScript 7, the native compiler, and a parser that knows no types. */
export const ENGINES = ['ts-morph', 'ts7', 'oxc'] as const;
export type EngineName = (typeof ENGINES)[number];

/** How an engine knows what names lead to. */
export const ENGINE_KNOWLEDGE: Readonly<Record<EngineName, 'typed' | 'syntax'>> = {
  'ts-morph': 'typed',
  ts7: 'typed',
  oxc: 'syntax',
};

/** The engines that resolve types: they say the same of any file. */
export const TYPED_ENGINES = ENGINES.filter((engine) => ENGINE_KNOWLEDGE[engine] === 'typed');

/**
 * `auto` takes the native compiler where it runs, and ts-morph elsewhere; the first index of a workspace is by syntax
 * until the types are resolved.
 */
export const ENGINE_CHOICES = ['auto', ...ENGINES] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Bits of `GraphNodes.flags`. */
export const NODE_FLAGS = {
  exported: 1,
  default: 2,
  static: 4,
  abstract: 8,
  async: 16,
  ambient: 32,
} as const;

export const coverageSchema = z.object({
  engine: z.enum(ENGINES).describe('What resolved the types; oxc knows syntax alone.'),
  typed: z.number().int().describe('Files resolved by the type checker.'),
  syntax: z.number().int().describe('Files known by syntax alone.'),
  unresolved: z.number().int().describe('Names that the engine could not resolve, in all files.'),
  pending: z.number().int().describe('Files changed since this index.'),
  truncated: z.boolean().describe('More exists than is shown.'),
});
/** What the graph knows and does not know, with every answer. */
export type Coverage = z.infer<typeof coverageSchema>;

/** One file of the workspace; `path` is relative to the workspace root with forward slashes. */
export interface GraphFile {
  readonly path: string;
  /** SHA-256 of the content, hexadecimal, empty when it could not be read. */
  readonly hash: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly lines: number;
  readonly state: FileState;
  /** Why it is not `typed`; empty otherwise. Also holds the first syntax error of a typed file. */
  readonly note: string;
  readonly unresolved: number;
}

/** In the place of a file that is gone, as files keep their rows while a graph follows edits. */
export const NO_FILE: GraphFile = {
  path: '',
  hash: '',
  bytes: 0,
  modifiedMs: 0,
  lines: 0,
  state: 'skipped',
  note: '',
  unresolved: 0,
};

/** In the place of an index into NODE_KINDS: the row is empty, as that of a node that is gone. */
export const REMOVED_NODE = 255;

/** Nodes as columns; the row number is the dense index that edges use. */
export interface GraphNodes {
  readonly count: number;
  /** Stable across edits: hash of path, container names, name, kind and ordinal; 16 hexadecimal digits. */
  readonly id: readonly string[];
  readonly name: readonly string[];
  /** Index into NODE_KINDS. */
  readonly kind: Uint8Array;
  /** Index into `files`. */
  readonly file: Int32Array;
  /** Row of the enclosing node, -1 for files. */
  readonly container: Int32Array;
  /** Offsets of the whole declaration in UTF-16 units, end exclusive. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** 1-based line and column of the name. */
  readonly line: Int32Array;
  readonly column: Int32Array;
  readonly flags: Uint8Array;
  /** Header without body, on one line, at most 300 characters. */
  readonly signature: readonly string[];
  /** First paragraph of the doc comment, at most 400 characters; empty without one. */
  readonly doc: readonly string[];
}

/** Edges as columns. */
export interface GraphEdges {
  readonly count: number;
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly kind: Uint8Array;
  readonly provenance: Uint8Array;
  /** Where the edge is written: index into `files`, 1-based line and column. */
  readonly file: Int32Array;
  readonly line: Int32Array;
  readonly column: Int32Array;
}

/** One whole generation of a workspace's graph, as an engine delivers it and as the store keeps it. */
export interface GraphColumns {
  readonly engine: EngineName;
  readonly files: readonly GraphFile[];
  readonly nodes: GraphNodes;
  readonly edges: GraphEdges;
  /** Names of packages that are imported but not installed. */
  readonly unresolvedPackages: readonly string[];
  /** Things a person should know: a broken tsconfig, an unreadable folder. */
  readonly warnings: readonly string[];
}
