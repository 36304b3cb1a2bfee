import { SyntaxKind } from 'typescript/unstable/ast';
import { SymbolFlags } from 'typescript/unstable/sync';
import type { Symbol as NativeSymbol } from 'typescript/unstable/sync';
import { FORM } from './fact-forms.ts';
import type { PlainImports } from './native-imports.ts';
import type { AskedFile, NativePlaces } from './native-places.ts';

export interface FoundModule {
  readonly key: string;
  /** The file that alone declares what the module exports. */
  readonly file: number | undefined;
}

/** A symbol that an import or a re-export of a file makes. */
export interface FoundLink {
  readonly symbol: NativeSymbol;
  /** Undefined for a module that the compiler does not find: all that is imported from it is unknown. */
  readonly module: FoundModule | undefined;
  /** What the module calls it: `default` too, `*` for all of it. */
  readonly name: string;
}

/** The links among the symbols that a file's uses have. */
export function linksAmong(
  places: NativePlaces,
  asked: AskedFile,
  { symbols, plain }: { readonly symbols: ReadonlyMap<number, NativeSymbol | undefined>; readonly plain: PlainImports },
): FoundLink[] {
  const links = places.tableOf(asked.path)?.links;
  const modules = modulesOf(places, asked, symbols);
  for (const [position, file] of plain.modules) modules.set(position, moduleIn(file));
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

export function isAlias(symbol: NativeSymbol): boolean {
  return (symbol.flags & SymbolFlags.Alias) !== 0;
}

/** Modules by the position of the specifier. */
function modulesOf(
  places: NativePlaces,
  { facts, positions }: AskedFile,
  symbols: ReadonlyMap<number, NativeSymbol | undefined>,
): Map<number, FoundModule | undefined> {
  const modules = new Map<number, FoundModule | undefined>();
  for (const [row, symbol] of symbols) {
    if (((facts.forms[row] ?? 0) & FORM.module) === 0) continue;
    modules.set(positions[row] ?? 0, symbol === undefined ? undefined : moduleBy(places, symbol));
  }
  return modules;
}

function moduleBy(places: NativePlaces, { id, declarations }: NativeSymbol): FoundModule {
  const [only] = declarations;
  const isOfFile = only?.kind === SyntaxKind.SourceFile && declarations.length === 1;
  const file = isOfFile ? places.fileAt(only.path) : undefined;
  return file === undefined ? { key: `symbol ${id}`, file } : moduleIn(file);
}

function moduleIn(file: number): FoundModule {
  return { key: `file ${file}`, file };
}
