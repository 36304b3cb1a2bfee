import { SyntaxKind } from 'typescript/unstable/ast';
import { ObjectFlags, SymbolFlags } from 'typescript/unstable/sync';
import type { Checker, Symbol as NativeSymbol } from 'typescript/unstable/sync';
import type { NativePlaces } from './native-places.ts';
import type { Target } from './symbol-resolver.ts';

/** No sane class has more ancestors; a circular one does. */
const MAX_ANCESTORS = 64;

const MAKES_ONLY_TYPE = new Set<SyntaxKind>([SyntaxKind.InterfaceDeclaration, SyntaxKind.TypeAliasDeclaration]);
const MAKES_TYPE = new Set<SyntaxKind>([
  ...MAKES_ONLY_TYPE,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.ClassExpression,
  SyntaxKind.EnumDeclaration,
]);

/** The declaration of a symbol that stands for all of them. */
export function canonicalTarget(places: NativePlaces, symbol: NativeSymbol, isType = false): Target | undefined {
  const { declarations, valueDeclaration } = symbol;
  const ordered =
    isType || valueDeclaration === undefined
      ? [...declarations.filter(({ kind }) => MAKES_TYPE.has(kind)), ...declarations]
      : [valueDeclaration, ...declarations.filter(({ kind }) => !MAKES_ONLY_TYPE.has(kind))];
  for (const declaration of ordered) {
    const target = places.targetOf(declaration);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** The constructor of a class, its own or else the nearest one that it inherits; empty where that is not in the workspace. */
export function nearestConstructor(checker: Checker, places: NativePlaces, symbol: NativeSymbol): readonly Target[] {
  let current = symbol;
  for (let step = 0; step < MAX_ANCESTORS && (current.flags & SymbolFlags.Class) !== 0; step += 1) {
    // What a library's class inherits is a library's too.
    const place = canonicalTarget(places, current, true);
    if (place === undefined) return [];
    const own = places.constructorAt(place);
    if (own !== undefined) return [own];
    const type = checker.getDeclaredTypeOfSymbol(current);
    if (!type.isClassOrInterface() || (type.objectFlags & ObjectFlags.Class) === 0) return [];
    const next = checker.getBaseTypes(type)[0]?.getSymbol();
    if (next === undefined) return [];
    current = next;
  }
  return [];
}
