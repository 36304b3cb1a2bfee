import { kindMask } from '../query/csr.ts';
import type { GraphView } from '../query/graph-view.ts';
import { FileUses } from './file-uses.ts';

/** One import or re-export statement between two files of the workspace. */
export interface FileLink {
  /** Rows of the files' own nodes. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly isReExport: boolean;
  /** Symbols that the statement names; they may be declared elsewhere when `to` is a barrel. */
  readonly names: readonly number[];
  /** Nothing is named: `import * as`, `import()`, `import './x'`, `export *`. */
  readonly isWhole: boolean;
  /** Leaves nothing behind in JavaScript: all it names are types, or used as such only. */
  readonly isTypeOnly: boolean;
}

const LINKAGE = kindMask(['imports', 're-exports']);
const TYPE_USES = kindMask(['type-uses', 'implements']);
const VALUE_USES = kindMask([
  'calls',
  'constructs',
  'renders',
  'references',
  'extends',
  'decorates',
  'value-alias',
  'passes',
  'routes',
]);
const TYPES: ReadonlySet<string> = new Set(['interface', 'type']);
/** `export * from` takes 14 columns before the name of the module; `} from`, the end of a list, takes 7. */
const SHORTEST_STAR = 12;

/** All statements by which files load one another, in the order of files and lines. */
export function fileLinksOf(view: GraphView): FileLink[] {
  const uses = { asType: new FileUses(view, TYPE_USES), asValue: new FileUses(view, VALUE_USES) };
  const links: FileLink[] = [];
  for (const statements of linkageByFile(view)) {
    let names: number[] = [];
    for (const edge of statements) {
      const target = view.columns.edges.target[edge] ?? 0;
      if (view.kindOf(target) !== 'file') {
        names.push(edge);
        continue;
      }
      // Names stand before the module that they come from.
      const own = names.filter((name) => isSameStatement(view, name, edge));
      const link = linkOf(view, { edge, names: own, ...uses });
      // `import * as name` leads to the file twice, by the name and by the module.
      if (!isAgain(links.at(-1), link)) links.push(link);
      names = [];
    }
  }
  return links;
}

function isAgain(before: FileLink | undefined, link: FileLink): boolean {
  if (before === undefined || !before.isWhole || !link.isWhole) return false;
  return before.from === link.from && before.to === link.to && before.line === link.line;
}

/** Edges of statements, by the file that they are written in and in the order of their places. */
function linkageByFile(view: GraphView): number[][] {
  const { count, file, line, column, kind } = view.columns.edges;
  const byFile: number[][] = view.columns.files.map(() => []);
  for (let edge = 0; edge < count; edge += 1) {
    if (((LINKAGE >> (kind[edge] ?? 0)) & 1) === 1) byFile[file[edge] ?? 0]?.push(edge);
  }
  for (const edges of byFile) {
    edges.sort((a, b) => (line[a] ?? 0) - (line[b] ?? 0) || (column[a] ?? 0) - (column[b] ?? 0) || a - b);
  }
  return byFile;
}

/** `export { x };` of something imported has no module of its own: a star after it must not take its name. */
function isSameStatement(view: GraphView, name: number, module: number): boolean {
  const { kind, line, column } = view.columns.edges;
  if (kind[name] !== kind[module]) return false;
  return view.edgeKindOf(module) === 'imports' || line[name] === line[module] || (column[module] ?? 0) < SHORTEST_STAR;
}

interface Statement {
  readonly edge: number;
  readonly names: readonly number[];
  readonly asType: FileUses;
  readonly asValue: FileUses;
}

function linkOf(view: GraphView, { edge, names, asType, asValue }: Statement): FileLink {
  const { source, target, line, file } = view.columns.edges;
  const from = source[edge] ?? 0;
  const fileIndex = file[edge] ?? 0;
  const to = target[edge] ?? 0;
  const symbols = names.map((name) => target[name] ?? 0);
  const isReExport = view.edgeKindOf(edge) === 're-exports';
  const isType = (row: number): boolean => {
    if (TYPES.has(view.kindOf(row))) return true;
    return !isReExport && asType.has(fileIndex, row) && !asValue.has(fileIndex, row);
  };
  return {
    from,
    to,
    line: line[edge] ?? 0,
    isReExport,
    names: symbols,
    isWhole: symbols.length === 0,
    isTypeOnly: symbols.length > 0 && symbols.every(isType),
  };
}
