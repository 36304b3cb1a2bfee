import type { FileSurface, When } from './file-surface.ts';
import type { EngineName, GraphFile, NodeKind } from './graph-schema.ts';

/** One program to type-check: files that share their compiler options. */
export interface ProjectModel {
  /** For people: the tsconfig's relative path, or `(no tsconfig)`. */
  readonly name: string;
  /** Absolute paths of the files that this project owns; each file has one owner. */
  readonly files: readonly string[];
  /** Normalised compiler options as in a tsconfig file (strings, not the compiler's numbers). */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Absolute folder that relative options and `paths` are resolved against. */
  readonly basePath: string;
}

/** What discovery found under a workspace root. */
export interface WorkspaceModel {
  /** Absolute real path. */
  readonly root: string;
  readonly projects: readonly ProjectModel[];
  /** Every source file, skipped ones with their reason in `note`, in order of `path`. */
  readonly files: readonly GraphFile[];
  readonly warnings: readonly string[];
}

/**
 * A declaration found by the scan of one file; `container` is an index into the same list, -1 for the file itself.
 * Overloads with their implementation, and a getter with its setter, are one node at the place of the first. Other
 * declarations of one symbol (a class and an interface, a function and a namespace) are nodes of their own, of which
 * targets name one: for a value what makes the value, for a type what makes the type, else the first.
 */
export interface ScannedNode {
  readonly kind: NodeKind;
  readonly name: string;
  readonly container: number;
  /** Distinguishes nodes of the same container, name and kind; 0 for the first. */
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly line: number;
  readonly column: number;
  readonly flags: number;
  readonly signature: string;
  readonly doc: string;
}

/** What a name does at the place where it stands; decides the kind of the edge. */
export const CANDIDATE_ROLES = [
  'call',
  'construct',
  'reference',
  'type',
  'extends',
  'implements',
  'decorator',
  'import',
  'export',
  're-export',
  /** Assigned to, counted up or down. */
  'write',
  /** The whole value of a constant or of a field. */
  'alias',
  /** Given to a call, or to an attribute of an element. */
  'argument',
  /** Given to a route of an HTTP server, in whatever wrapping. */
  'handler',
  /** An element: `<Name />`. */
  'render',
  /** A key of an object literal, for the property that it sets. */
  'key',
  /** `{ name }`: the variable, and the property that it sets. */
  'shorthand',
] as const;
export type CandidateRole = (typeof CANDIDATE_ROLES)[number];

/** Names to resolve, as columns, in order of position. */
export interface Candidates {
  readonly count: number;
  /** Offset of the identifier (or module specifier) in UTF-16 units. */
  readonly position: Int32Array;
  /** Index into CANDIDATE_ROLES. */
  readonly role: Uint8Array;
  /** Index of the innermost enclosing scanned node. */
  readonly owner: Int32Array;
  readonly line: Int32Array;
  readonly column: Int32Array;
}

export interface FileScan {
  /** Relative path. */
  readonly path: string;
  readonly nodes: readonly ScannedNode[];
  readonly candidates: Candidates;
}

/** Values of `ResolvedTargets.file` that are not files of the workspace. */
export const TARGET = {
  /** A library, or the language itself. */
  external: -1,
  /** The checker found nothing. */
  unresolved: -2,
} as const;

/**
 * Where candidates point, one row a target. A candidate has one row, but several when its type is a union: one for each
 * member that declares the name.
 */
export interface ResolvedTargets {
  readonly count: number;
  /** Index into the positions asked for; never decreases. */
  readonly candidate: Int32Array;
  /** Index into `TypeSource.files()`, or a value of TARGET. */
  readonly file: Int32Array;
  /** `nameStart` of the declaration, -1 for a whole file. The extraction maps it to a node; a local has none. */
  readonly position: Int32Array;
}

/** Relative paths of source files. */
export interface FileChanges {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** Class members and what they override or implement, as pairs of declaration places. */
export interface Inheritance {
  readonly kind: 'overrides' | 'implements';
  readonly file: string;
  readonly nameStart: number;
  readonly targetFile: string;
  readonly targetNameStart: number;
}

/**
 * What an engine can do that stays with a workspace while its files change. All that a `TypeSource` is asked after an
 * update is answered of the new state; a file has to be scanned again before it is resolved.
 */
export interface LiveSource {
  /**
   * Moves to a new state. `workspace` is what is there now: projects in the same order and with the same options as when
   * it was opened, though their files may be others. Paths are relative.
   */
  update(changes: FileChanges, workspace: WorkspaceModel): void;
  /** Undefined where the file or the state is not there. */
  surface(path: string, when: When): FileSurface | undefined;
  /** Types of functions as text, by their `functionStart`; undefined as above. */
  functionTypes(path: string, starts: readonly number[], when: When): readonly string[] | undefined;
  /** Whether a file can be read without making ready first, which takes long. */
  isAtHand(path: string): boolean;
  /** What was before the last update is not going to be asked for any more. */
  release(): void;
  /** Relative paths of the files in which a name or a module specifier stands that is meant. */
  filesNaming(isMeant: (text: string) => boolean): readonly string[];
}

/**
 * An engine that knows types. The extraction core drives it and never sees a compiler's own objects, so that engines
 * can be exchanged and compared. All files are scanned before the first is resolved, and files are resolved in their
 * order, so that an engine may let go of what it no longer needs. Not re-entrant; used from one worker thread.
 */
export interface TypeSource {
  readonly engine: EngineName;
  open(workspace: WorkspaceModel): void;
  /** Relative paths of the files that can be scanned; the order is the index space of `ResolvedTargets.file`. */
  files(): readonly string[];
  scan(path: string): FileScan;
  /** Name of the project that a file belongs to. */
  projectOf(path: string): string;
  /** Loads what the files of the path's project need before they can be resolved; takes long for the first of them. */
  prepare(path: string): void;
  resolve(path: string, positions: Int32Array): ResolvedTargets;
  /** Member overrides and implementations declared in this file, by the checker's base types. */
  inheritance(path: string): readonly Inheritance[];
  /** First syntax error of the file as text, or undefined. */
  syntaxError(path: string): string | undefined;
  /** Packages that files of the workspace import and that are not installed, so far. */
  unresolvedPackages(): readonly string[];
  /** Undefined for an engine that has to read everything again after a change. */
  readonly live: LiveSource | undefined;
  /** Ends what it has started; the promise waits for that. */
  close(): Promise<void>;
}
