import { SyntaxKind } from 'typescript/unstable/ast';
import type { NodeHandle } from 'typescript/unstable/sync';
import { TARGET } from '../type-source.ts';
import type { FileFacts } from './fact-forms.ts';
import { nodeIn, sharedIn, useIn } from './flat/flat-places.ts';
import type { FileTable, TableNode } from './flat/flat-places.ts';
import { spanKey } from './span.ts';
import type { Span } from './span.ts';
import type { Target } from './symbol-resolver.ts';

/** The files of the workspace, as the compiler's handles name them. */
export interface NativeFiles {
  indexOf(path: string): number | undefined;
  factsOf(file: number): FileFacts | undefined;
  tableOf(file: number): FileTable | undefined;
  /** Whether something in the workspace bears a name. */
  isBorn(name: string): boolean;
  /** Number of the file that a specifier in a file leads to; undefined where the compiler has to be asked. */
  moduleOf(file: number, specifier: string): number | undefined;
  /** Whether a file of the workspace declares a predicate of `this`. */
  hasThisPredicate(): boolean;
}

/** A file, with the positions of the uses that it is asked about. */
export interface AskedFile {
  /** Absolute, as the compiler knows it. */
  readonly path: string;
  readonly facts: FileFacts;
  readonly positions: Int32Array;
}

/** The uses of one file, by their rows. */
export interface FileUses {
  /** The node to ask about; undefined for a use that need not be asked about. */
  nodeOf(row: number): TableNode | undefined;
  /** The row of the use that a use has its meaning from; undefined for one that has its own. */
  sharedOf(row: number): number | undefined;
}

/** Leads from the native compiler's nodes to the places that the scan found, by their numbers in the same table. */
export class NativePlaces {
  readonly #files: NativeFiles;

  constructor(files: NativeFiles) {
    this.#files = files;
  }

  isBorn(name: string): boolean {
    return this.#files.isBorn(name);
  }

  /** Where a declaration is a node; undefined for what the graph does not keep, and for libraries. */
  targetOf({ path, index, kind }: NodeHandle): Target | undefined {
    const file = this.#files.indexOf(path);
    if (file === undefined) return undefined;
    if (kind === SyntaxKind.SourceFile) return { file, position: -1 };
    const table = this.#files.tableOf(file);
    const position = table?.anchors.get(index) ?? table?.held.get(index);
    return position === undefined ? undefined : { file, position };
  }

  /** Undefined for a file that is none of the workspace's. */
  tableOf(path: string): FileTable | undefined {
    const file = this.#files.indexOf(path);
    return file === undefined ? undefined : this.#files.tableOf(file);
  }

  nodeOf(path: string, span: Span): TableNode | undefined {
    const table = this.tableOf(path);
    return table === undefined ? undefined : nodeIn(table, spanKey(span));
  }

  usesOf(path: string): FileUses {
    const table = this.tableOf(path);
    if (table === undefined) return { nodeOf: () => undefined, sharedOf: () => undefined };
    const members = this.#files.hasThisPredicate() ? undefined : table.members;
    return {
      nodeOf: (row) => (members?.has(row) === true ? undefined : useIn(table, row)),
      sharedOf: (row) => sharedIn(table, row) ?? members?.get(row),
    };
  }

  /** What a file exports under a name, where its text alone says it. */
  exportOf(file: number | undefined, name: string): Target | undefined {
    const position = file === undefined ? undefined : this.#files.tableOf(file)?.exports.get(name);
    return file === undefined || position === undefined ? undefined : { file, position };
  }

  /** The file that a specifier in a file leads to, where that can be said without the compiler. */
  moduleOf(path: string, specifier: string): number | undefined {
    const file = this.#files.indexOf(path);
    return file === undefined ? undefined : this.#files.moduleOf(file, specifier);
  }

  /** Number of a file of the workspace. */
  fileAt(path: string): number | undefined {
    return this.#files.indexOf(path);
  }

  /** Constructor of the class at a place, when it is written there. */
  constructorAt({ file, position }: Target): Target | undefined {
    const constructor = file < 0 ? undefined : this.#files.factsOf(file)?.constructors.get(position);
    return constructor === undefined ? undefined : { file, position: constructor };
  }
}

export const NO_TARGETS: readonly Target[] = [{ file: TARGET.external, position: 0 }];
