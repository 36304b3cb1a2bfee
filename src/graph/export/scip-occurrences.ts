import { kindMask } from '../query/csr.ts';
import { MODULES, USES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import { isTestPath } from '../test-path.ts';

/** A name in a file and the symbol that it stands for; lines and columns from 1. */
export interface Occurrence {
  readonly row: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Bits of SCIP's SymbolRole. */
  readonly roles: number;
}

export interface OccurrenceRules {
  /** Rows that are symbols. */
  readonly rows: ReadonlySet<number>;
  /** Edge kinds that are wanted, as a mask. */
  readonly mask: number;
  /** Rows declared in the file, its own included. */
  readonly inFile: readonly number[];
  /** Edges written in the file. */
  readonly edges: readonly number[];
  /** What was indexed; without it lengths are those of the declared names. */
  readonly text: string | undefined;
}

const ROLES = { definition: 1, import: 2, test: 32 } as const;
/** A test tests what it calls or mentions: that edge stands at the same place. */
const MENTIONS = USES & ~kindMask(['tests', 'overrides']);
const IMPORTS = kindMask(['imports', 're-exports']);
/** An identifier, a private name, or a string in quotes: a key, or the name of a module. */
const NAME = /^(?:#?[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*|'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)/u;

/** Definitions and mentions in one file in the order of their places. */
export function occurrencesIn(view: GraphView, rules: OccurrenceRules): Occurrence[] {
  const lines = rules.text?.split(/\r\n|[\n\r\u2028\u2029]/);
  const isTest = rules.inFile.some((row) => isTestPath(view.pathOf(row)));
  const found = new Map<string, Occurrence>();
  const add = (row: number, place: { readonly line: number; readonly column: number }, role: number): void => {
    const length = lengthAt(lines, place) ?? declaredName(view, row, role).length;
    const key = `${place.line} ${place.column} ${row}`;
    if (!found.has(key)) found.set(key, { row, ...place, length, roles: role | (isTest ? ROLES.test : 0) });
  };
  for (const row of rules.inFile) {
    if (view.kindOf(row) === 'file') found.set('', { row, line: 1, column: 1, length: 0, roles: ROLES.definition });
    else add(row, { line: view.lineOf(row), column: view.columns.nodes.column[row] ?? 1 }, ROLES.definition);
  }
  for (const edge of rules.edges) {
    const target = mentioned(view, edge, rules);
    if (target === undefined) continue;
    const { line, column, kind } = view.columns.edges;
    const role = ((IMPORTS >> (kind[edge] ?? 0)) & 1) === 1 ? ROLES.import : 0;
    add(target, { line: line[edge] ?? 1, column: column[edge] ?? 1 }, role);
  }
  return [...found.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The symbol that an edge mentions where it is written, if it does. */
function mentioned(view: GraphView, edge: number, { rows, mask, text }: OccurrenceRules): number | undefined {
  const { kind, target, source } = view.columns.edges;
  const bit = 1 << (kind[edge] ?? 0);
  const row = target[edge] ?? -1;
  if ((bit & mask & MENTIONS) === 0 || !rows.has(row)) return undefined;
  // What implements a member does so by its own name; an exported declaration is exported where it stands.
  const isMemberLink = view.edgeKindOf(edge) === 'implements' && !isTypeLike(view, source[edge] ?? -1);
  const isModule = view.kindOf(row) === 'file';
  // How the name of a module is written can only be seen in the text.
  return isMemberLink || (isModule && ((bit & MODULES) === 0 || text === undefined)) ? undefined : row;
}

function isTypeLike(view: GraphView, row: number): boolean {
  return ['class', 'interface', 'component', 'variable', 'function'].includes(view.kindOf(row));
}

/** A constructor is called by the name of its class. */
function declaredName(view: GraphView, row: number, role: number): string {
  const isCalled = view.kindOf(row) === 'constructor' && role !== ROLES.definition;
  return view.nameOf(isCalled ? view.containerOf(row) : row);
}

function lengthAt(
  lines: readonly string[] | undefined,
  { line, column }: { readonly line: number; readonly column: number },
): number | undefined {
  const text = lines?.[line - 1];
  if (text === undefined) return undefined;
  return NAME.exec(text.slice(column - 1))?.[0].length;
}
