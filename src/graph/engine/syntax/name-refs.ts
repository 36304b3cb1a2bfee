/**
 * What a name leads to, as far as its own file says: read once the file is scanned, followed when all files are. The same
 * way is the same object, so that it is followed once.
 */
export type NameRef =
  /** A declaration of this file; `global` is its name when the file is no module and others may declare it too. */
  | { readonly form: 'own'; readonly places: readonly OwnPlace[]; readonly global?: string }
  /** The export of another module; `*` for the module itself. */
  | { readonly form: 'link'; readonly specifier: string; readonly name: string }
  | { readonly form: 'member'; readonly of: NameRef; readonly name: string }
  /** A value of the type that `of` names, or of the class that is the value `of`. */
  | { readonly form: 'instance'; readonly of: NameRef; readonly meaning: number }
  /** What a call of `of` returns. */
  | { readonly form: 'result'; readonly of: NameRef }
  /** What the class at an anchor extends. */
  | { readonly form: 'base'; readonly anchor: number };

/** What a call returns that returns what it was called on. */
export const SELF = 'self';

export interface OwnPlace {
  readonly anchor: number;
  readonly meaning: number;
}

/** A class or interface with its bases, in order; the anchor is -1 for one that is no node. */
export interface Heir {
  readonly anchor: number;
  readonly bases: readonly HeirBase[];
  readonly members: readonly { readonly name: string; readonly isStatic: boolean; readonly nameStart: number }[];
}

export interface HeirBase {
  readonly kind: 'overrides' | 'implements';
  readonly isOfClass: boolean;
  readonly ref: NameRef | undefined;
}

/** Under which names a module offers what; `=` is what stands for the module as a whole. */
export interface ModuleExports {
  readonly names: ReadonlyMap<string, NameRef>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
}

/** A use of something that is no node, such as a local variable, or of something that a file alone can't know. */
export type Use = NameRef | 'local' | 'unknown';

export interface NamedUse {
  readonly use: Use;
  readonly text: string;
  readonly meaning: number;
  readonly calls: 'nothing' | 'constructor' | 'own constructor';
}

/** What syntax knows of one file besides its scan. */
export interface FileNames {
  /** By candidate. */
  readonly uses: readonly NamedUse[];
  readonly exports: ModuleExports;
  /** Names that are global, as the file is no module. */
  readonly globals: readonly string[];
  readonly heirs: readonly Heir[];
  /** What the values of variables, members and type aliases are, by anchor. */
  readonly values: ReadonlyMap<number, NameRef>;
  /** What calls return, by the anchor of the function. */
  readonly results: ReadonlyMap<number, NameRef | typeof SELF>;
  /** Anchors of what has the members that its one literal says. */
  readonly literals: ReadonlySet<number>;
}
