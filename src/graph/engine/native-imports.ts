import { FORM } from './fact-forms.ts';
import type { AskedFile, FileUses, NativePlaces } from './native-places.ts';
import type { Target } from './symbol-resolver.ts';

/** What a file imports, as far as the texts of both files say it. */
export interface PlainImports {
  /** Files, by the positions of the specifiers that lead to them. */
  readonly modules: ReadonlyMap<number, number>;
  /** By the rows of uses. */
  readonly targets: ReadonlyMap<number, readonly Target[]>;
}

export function plainImports(places: NativePlaces, asked: AskedFile, uses: FileUses): PlainImports {
  const table = places.tableOf(asked.path);
  const targets = new Map<number, readonly Target[]>();
  if (table === undefined) return { modules: new Map(), targets };
  const specifiers = new Set([...table.links.values()].map(({ specifier }) => specifier));
  const modules = modulesOf(places, asked, specifiers);
  for (const [row, position] of asked.positions.entries()) {
    const file = modules.get(position);
    if (file !== undefined) targets.set(row, [{ file, position: -1 }]);
  }
  const asksFor = new Set<number>();
  for (const [row, { specifier, name }] of table.imported) {
    const target = places.exportOf(modules.get(specifier), name);
    if (target === undefined) continue;
    const isMade = ((asked.facts.forms[row] ?? 0) & FORM.constructs) !== 0;
    const own = isMade ? places.constructorAt(target) : undefined;
    // Which constructor is inherited, the symbol tells.
    if (isMade && own === undefined) asksFor.add(row).add(uses.sharedOf(row) ?? row);
    else targets.set(row, own === undefined ? [target] : [target, own]);
  }
  for (const row of asksFor) targets.delete(row);
  return { modules, targets };
}

function modulesOf(
  places: NativePlaces,
  { path, facts, positions }: AskedFile,
  specifiers: ReadonlySet<number>,
): Map<number, number> {
  const modules = new Map<number, number>();
  for (const [row, position] of positions.entries()) {
    if (((facts.forms[row] ?? 0) & FORM.module) === 0 || !specifiers.has(position)) continue;
    const file = places.moduleOf(path, facts.texts[row] ?? '');
    if (file !== undefined) modules.set(position, file);
  }
  return modules;
}
