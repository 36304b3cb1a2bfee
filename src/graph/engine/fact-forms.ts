import type { Span } from './span.ts';

/** Bits of `FileFacts.forms`: what must be asked besides the symbol at the place of a use. */
export const FORM = {
  /** A string that names a module. */
  module: 1,
  /** `super(…)`: a constructor, not a name. */
  super: 2,
  /** `new X`: the constructor too. */
  constructs: 4,
  type: 8,
  /** `{ x }` as an object: the variable, not the property. */
  shorthand: 16,
  /** `{ x } = …`: the property, not the variable. */
  bound: 32,
  /** A key of an object literal or of an element's attributes. */
  key: 64,
} as const;

/** The export that an import stands for: a name (`default` too, `*` for all) of the module named at a position. */
export interface Link {
  readonly specifier: number;
  readonly name: string;
}

/** How a declaration that is no node gives another name to something. */
export type OtherName =
  | { readonly as: 'value'; readonly position: number }
  | { readonly as: 'shorthand'; readonly node: Span }
  | { readonly as: 'bound'; readonly pattern: Span; readonly key: string };

export interface HeirFacts {
  readonly bases: readonly {
    readonly kind: 'overrides' | 'implements';
    readonly span: Span;
    readonly hasStatics: boolean;
  }[];
  readonly members: readonly { readonly name: string; readonly isStatic: boolean; readonly nameStart: number }[];
}

/**
 * What an engine has to know of one file's syntax when its own trees are elsewhere, without the trees: those of a large
 * repository would fill the memory. Maps go by {@link spanKey}.
 */
export interface FileFacts {
  /** Text of each use; empty for keywords. */
  readonly texts: readonly string[];
  readonly forms: Uint8Array;
  /** The object pattern or the shorthand assignment that a use stands in. */
  readonly around: ReadonlyMap<number, Span>;
  /** The literal that a use is a key of. */
  readonly literals: ReadonlyMap<number, Span>;
  /** Anchor of each declaration that is a node. */
  readonly declared: ReadonlyMap<number, number>;
  /** Anchor of what holds a class or function expression. */
  readonly held: ReadonlyMap<number, number>;
  /** Anchor of the constructor, by the anchor of its class. */
  readonly constructors: ReadonlyMap<number, number>;
  readonly links: ReadonlyMap<number, Link>;
  readonly otherNames: ReadonlyMap<number, OtherName>;
  readonly heirs: readonly HeirFacts[];
  /** Names that imports and exports give: a use of one can point anywhere. */
  readonly linkNames: ReadonlySet<string>;
}
