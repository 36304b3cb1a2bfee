import { SyntaxKind } from 'typescript/unstable/ast';
import { SymbolFlags } from 'typescript/unstable/sync';
import type { Symbol as NativeSymbol } from 'typescript/unstable/sync';
import { FORM } from './fact-forms.ts';
import type { FileFacts } from './fact-forms.ts';
import type { NativePlaces } from './native-places.ts';
import type { Target } from './symbol-resolver.ts';

export interface AskedFile {
  /** Absolute, as the compiler knows it. */
  readonly path: string;
  readonly facts: FileFacts;
  readonly positions: Int32Array;
}

/** A symbol that an import or a re-export of a file makes. */
export interface FoundLink {
  readonly symbol: NativeSymbol;
  /** Undefined for a module that the compiler does not find: all that is imported from it is unknown. */
  readonly module: NativeSymbol | undefined;
  /** What the module calls it: `default` too, `*` for all of it. */
  readonly name: string;
}

/** The links among the symbols that a file's uses have. */
export function linksAmong(
  places: NativePlaces,
  asked: AskedFile,
  symbols: ReadonlyMap<number, NativeSymbol | undefined>,
): FoundLink[] {
  const links = places.tableOf(asked.path)?.links;
  const modules = modulesOf(asked, symbols);
  const found = new Map<number, FoundLink>();
  for (const symbol of symbols.values()) {
    if (symbol === undefined || !isAlias(symbol) || found.has(symbol.id)) continue;
    const declaration = symbol.declarations.find(({ path }) => path === asked.path);
    const link = links?.get(declaration?.index ?? -1);
    if (link === undefined || !modules.has(link.specifier)) continue;
    found.set(symbol.id, { symbol, module: modules.get(link.specifier), name: link.name });
  }
  return [...found.values()];
}

/**
 * The declaration that a module exports under a name, where its text alone says which: one that stands at the top of the
 * module's file, alone with its name there. Undefined where the compiler has to be asked.
 */
export function plainExport(places: NativePlaces, module: NativeSymbol, name: string): Target | undefined {
  const [file] = module.declarations;
  if (file?.kind !== SyntaxKind.SourceFile || module.declarations.length !== 1) return undefined;
  return places.exportOf(file.path, name);
}

export function isAlias(symbol: NativeSymbol): boolean {
  return (symbol.flags & SymbolFlags.Alias) !== 0;
}

/** Module symbols by the position of the specifier. */
function modulesOf(
  { facts, positions }: AskedFile,
  symbols: ReadonlyMap<number, NativeSymbol | undefined>,
): Map<number, NativeSymbol | undefined> {
  const modules = new Map<number, NativeSymbol | undefined>();
  for (const [row, symbol] of symbols) {
    if (((facts.forms[row] ?? 0) & FORM.module) !== 0) modules.set(positions[row] ?? 0, symbol);
  }
  return modules;
}
