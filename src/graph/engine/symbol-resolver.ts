import { ts } from 'ts-morph';
import { TARGET } from '../type-source.ts';
import { exportNameOfValue } from './common-js.ts';
import { anchorOf } from './declaration-anchor.ts';
import { literalOfKey } from './literal-keys.ts';
import type { KeyedLiteral } from './literal-keys.ts';

/** Where a name points: a file of the workspace and an offset in it (-1 for the whole file), or a value of TARGET. */
export interface Target {
  readonly file: number;
  readonly position: number;
}

/** What the engine has scanned: the declarations that a name can point to. */
export interface ScannedPlaces {
  fileIndexOf(file: ts.SourceFile): number | undefined;
  isNode(file: number, position: number): boolean;
}

const EXTERNAL: readonly Target[] = [{ file: TARGET.external, position: 0 }];
const UNRESOLVED: readonly Target[] = [{ file: TARGET.unresolved, position: 0 }];
/** No sane class has more ancestors, nor a name more aliases; a circular one does. */
const MAX_STEPS = 64;

/** Asks one program's checker what names mean. */
export class SymbolResolver {
  readonly #checker: ts.TypeChecker;
  readonly #places: ScannedPlaces;
  /** Barrels make the same alias be followed thousands of times. */
  readonly #values = new Map<ts.Symbol, readonly Target[]>();
  readonly #types = new Map<ts.Symbol, readonly Target[]>();

  constructor(checker: ts.TypeChecker, places: ScannedPlaces) {
    this.#checker = checker;
    this.#places = places;
  }

  /** What the name at `node` stands for, through imports, re-exports and the members of unions. */
  targetsOf(node: ts.Node): readonly Target[] {
    const literal = literalOfKey(node);
    if (literal === undefined) return this.#targetsOfName(node);
    const set = this.#propertiesSet(literal, node);
    if (!ts.isShorthandPropertyAssignment(node.parent)) return set.length === 0 ? EXTERNAL : set;
    return [...this.#targetsOfName(node), ...set];
  }

  #targetsOfName(node: ts.Node): readonly Target[] {
    const symbol = this.#symbolAt(node);
    if (symbol === undefined) return UNRESOLVED;
    const isType = ts.isPartOfTypeNode(node);
    const targets = isType ? this.#types : this.#values;
    const known = targets.get(symbol);
    if (known !== undefined) return known;
    const found = this.#declared(symbol, isType);
    targets.set(symbol, found);
    return found;
  }

  /**
   * The constructor that `new` or `super()` runs: the class's own, else the nearest one it inherits. Empty when none is
   * written in the workspace.
   */
  constructorsOf(node: ts.Node): readonly Target[] {
    const symbol = this.#symbolAt(node);
    if (symbol === undefined) return [];
    let type = this.#checker.getDeclaredTypeOfSymbol(this.#origin(symbol));
    for (let step = 0; step < MAX_STEPS && type.isClass(); step += 1) {
      const own = type.symbol.members?.get(ts.InternalSymbolName.Constructor);
      if (own !== undefined) return this.#declared(own, false).filter(({ file }) => file >= 0);
      const [base] = this.#checker.getBaseTypes(type);
      if (base === undefined) return [];
      // A generic base is an instance of the class.
      type = base.symbol === undefined ? base : this.#checker.getDeclaredTypeOfSymbol(base.symbol);
    }
    return [];
  }

  /**
   * The declaration of a symbol that stands for all of them: the first that was scanned. Of merged declarations a value
   * prefers what makes the value (the class, the function, the variable), a type what makes the type. A value that a
   * library makes stays the library's, though the workspace adds to its interface.
   */
  canonicalTarget(symbol: ts.Symbol, isType = false): Target | undefined {
    const { declarations = [], valueDeclaration } = symbol;
    const ordered =
      isType || valueDeclaration === undefined
        ? [...declarations.filter(makesType), ...declarations]
        : [valueDeclaration, ...declarations.filter((declaration) => !makesOnlyType(declaration))];
    for (const declaration of ordered) {
      const target = this.#placeOf(declaration) ?? this.#placeOfHolder(declaration);
      if (target !== undefined) return target;
    }
    return undefined;
  }

  /** The declared properties that a key of a literal sets, by the type that is wanted where the literal stands. */
  #propertiesSet(literal: KeyedLiteral, key: ts.Node): readonly Target[] {
    const wanted = this.#checker.getContextualType(literal);
    if (wanted === undefined || !('text' in key) || typeof key.text !== 'string') return [];
    const name = key.text;
    const properties = (wanted.isUnion() ? wanted.types : [wanted]).map((type) => type.getProperty(name));
    const targets = properties.flatMap((each) => (each === undefined ? [] : this.#declared(each, false)));
    return targets.filter(({ file }, index) => file >= 0 && isFirst(targets, index));
  }

  #placeOf(declaration: ts.Declaration): Target | undefined {
    const source = declaration.getSourceFile();
    const file = this.#places.fileIndexOf(source);
    if (file === undefined) return undefined;
    const position = ts.isSourceFile(declaration) ? -1 : anchorOf(declaration, source);
    return position < 0 || this.#places.isNode(file, position) ? { file, position } : undefined;
  }

  /** Of `const x = class Y {}` and the like the node is `x`. */
  #placeOfHolder(declaration: ts.Declaration): Target | undefined {
    if (!ts.isClassExpression(declaration) && !ts.isFunctionExpression(declaration)) return undefined;
    const { parent } = declaration;
    const isHolder = ts.isVariableDeclaration(parent) || ts.isExportAssignment(parent) || ts.isBinaryExpression(parent);
    return isHolder ? this.#placeOf(parent) : undefined;
  }

  #declared(symbol: ts.Symbol, isType: boolean): readonly Target[] {
    const origin = this.#origin(symbol);
    if (origin.declarations === undefined) {
      return ts.unescapeLeadingUnderscores(origin.escapedName) === 'unknown' ? UNRESOLVED : EXTERNAL;
    }
    const targets: Target[] = [];
    for (const root of this.#checker.getRootSymbols(origin)) {
      const target = this.canonicalTarget(root, isType);
      if (target !== undefined) targets.push(target);
    }
    return targets.length === 0 ? EXTERNAL : targets;
  }

  #symbolAt(node: ts.Node): ts.Symbol | undefined {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return this.#checker.getShorthandAssignmentValueSymbol(parent);
    if (ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier === undefined) {
      return this.#checker.getExportSpecifierLocalTargetSymbol(parent);
    }
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (!ts.isBindingElement(parent) || parent.name !== node || symbol === undefined || isAlias(symbol)) return symbol;
    return this.#boundProperty(parent);
  }

  /** Through all that only gives another name to something. */
  #origin(symbol: ts.Symbol): ts.Symbol {
    let origin = symbol;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const next = isAlias(origin) ? this.#checker.getAliasedSymbol(origin) : this.#otherName(origin);
      if (next === undefined || next === origin) break;
      origin = next;
    }
    return origin;
  }

  /** `const { x } = await import('…')` and `module.exports = { x: y }` name things as import and export would. */
  #otherName({ valueDeclaration }: ts.Symbol): ts.Symbol | undefined {
    if (valueDeclaration === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(valueDeclaration)) {
      if (exportNameOfValue(valueDeclaration.name) === undefined) return undefined;
      return this.#checker.getShorthandAssignmentValueSymbol(valueDeclaration);
    }
    if (ts.isPropertyAssignment(valueDeclaration)) {
      const { initializer } = valueDeclaration;
      return exportNameOfValue(initializer) === undefined ? undefined : this.#checker.getSymbolAtLocation(initializer);
    }
    if (!ts.isBindingElement(valueDeclaration) || this.#placeOf(valueDeclaration) !== undefined) return undefined;
    const { symbol } = this.#checker.getTypeAtLocation(valueDeclaration.parent);
    // The compiler declares a symbol where a type like that of null has none.
    const isModule = symbol !== undefined && (symbol.flags & ts.SymbolFlags.ValueModule) !== 0;
    return isModule ? this.#boundProperty(valueDeclaration) : undefined;
  }

  /** The property that a name of an object pattern takes out. */
  #boundProperty({ parent, propertyName, name, dotDotDotToken }: ts.BindingElement): ts.Symbol | undefined {
    if (!ts.isObjectBindingPattern(parent) || dotDotDotToken !== undefined) return undefined;
    const key = propertyName ?? name;
    if (!ts.isIdentifier(key) && !ts.isStringLiteralLike(key)) return undefined;
    return this.#checker.getTypeAtLocation(parent).getProperty(key.text);
  }
}

function isFirst(targets: readonly Target[], index: number): boolean {
  const { file, position } = targets[index] ?? { file: -1, position: -1 };
  return targets.findIndex((other) => other.file === file && other.position === position) === index;
}

function isAlias(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0;
}

function makesType(declaration: ts.Declaration): boolean {
  return ts.isClassLike(declaration) || ts.isEnumDeclaration(declaration) || makesOnlyType(declaration);
}

function makesOnlyType(declaration: ts.Declaration): boolean {
  return ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
}
