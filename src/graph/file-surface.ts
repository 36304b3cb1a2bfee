/** Which state of the workspace is meant: that before the last update, or the present one. */
export type When = 'before' | 'now';

/** The body of a function, or the expression that an arrow function returns. Offsets in UTF-16 units, end exclusive. */
export interface FunctionBody {
  /** Where the function itself begins; tells the bodies of a file apart. */
  readonly functionStart: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the function returns is not written down but follows from the body. */
  readonly isInferred: boolean;
}

/**
 * What a statement at the top of a file does for other files: `import` brings names in, `export` gives them out,
 * `global` declares for all files, whether they import it or not.
 */
export type PartKind = 'import' | 'export' | 'global' | 'declaration';

/** A piece of a file as other files see it. */
export interface SurfacePiece {
  readonly start: number;
  readonly end: number;
  /** Without the bodies of its functions, and without its members. */
  readonly text: string;
  /** Those that are not within a member. */
  readonly bodies: readonly FunctionBody[];
  /** Of a class, an interface, an enum or a type that is written out. */
  readonly members: readonly SurfaceMember[];
}

export interface SurfaceMember extends SurfacePiece {
  /** Users have to write its name. Others, such as constructors and index signatures, are met without. */
  readonly isNamed: boolean;
}

/** A statement at the top of a file. */
export interface SurfacePart extends SurfacePiece {
  readonly kind: PartKind;
}

export interface FileSurface {
  readonly parts: readonly SurfacePart[];
  /** Offset at which each line begins. */
  readonly lineStarts: readonly number[];
}
