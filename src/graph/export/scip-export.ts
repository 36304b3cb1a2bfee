import { pathToFileURL } from 'node:url';
import { readVersion } from '../../core/version.ts';
import type { NodeKind } from '../graph-schema.ts';
import { kindMask, neighboursOf } from '../query/csr.ts';
import type { GraphView } from '../query/graph-view.ts';
import { compilerText, isAsIndexed, readWorkspaceFile } from '../workspace-text.ts';
import type { GraphPart } from './graph-part.ts';
import { ProtobufMessage } from './protobuf-message.ts';
import { occurrencesIn } from './scip-occurrences.ts';
import type { Occurrence, OccurrenceRules } from './scip-occurrences.ts';
import { ScipSymbols } from './scip-symbols.ts';

/** Field and enumeration numbers are those of scip.proto: https://github.com/sourcegraph/scip. */
const UTF8 = 1;
const UTF16_FROM_LINE_START = 2;

const KINDS: Readonly<Record<NodeKind, number>> = {
  file: 16,
  module: 29,
  namespace: 30,
  class: 7,
  interface: 21,
  enum: 11,
  type: 55,
  function: 17,
  method: 26,
  accessor: 72,
  constructor: 9,
  property: 41,
  variable: 61,
  component: 17,
  test: 0,
  route: 0,
};

const BASES = kindMask(['extends', 'implements', 'overrides']);
const MEMBERS: ReadonlySet<NodeKind> = new Set(['method', 'accessor', 'property']);

export interface ScipOptions {
  readonly root: string;
  /** Edge kinds that are wanted, as a mask. */
  readonly mask: number;
  readonly maxFileBytes: number;
  /** Is told of each file: how much it holds, and whether lengths of names come from its text. */
  onFile(file: { readonly symbols: number; readonly occurrences: number; readonly isExact: boolean }): void;
}

/** A SCIP index, one chunk a document. Tests are no symbols of it: they have no name to refer to. */
export async function* scipExport(view: GraphView, part: GraphPart, options: ScipOptions): AsyncGenerator<Buffer> {
  yield new ProtobufMessage().message(1, metadataOf(options.root)).toBytes();
  const symbols = new ScipSymbols(view, options.root);
  const rows = new Set(part.nodes.filter((row) => view.kindOf(row) !== 'test'));
  const rules = { rows, mask: options.mask };
  const byFile = rowsByFile(view, rows);
  const edges = edgesByFile(view);
  for (const [file, inFile] of byFile) {
    const known = view.columns.files[file];
    if (known === undefined) continue;
    const content = await readWorkspaceFile(options.root, known.path, options.maxFileBytes);
    const text = content !== undefined && isAsIndexed(content, known) ? compilerText(content) : undefined;
    const found = occurrencesIn(view, { ...rules, inFile, edges: edges[file] ?? [], text });
    options.onFile({ symbols: inFile.length, occurrences: found.length, isExact: text !== undefined });
    const document = documentOf(view, { path: known.path, inFile, occurrences: found, symbols });
    yield new ProtobufMessage().message(2, document).toBytes();
  }
}

function metadataOf(root: string): ProtobufMessage {
  const tool = new ProtobufMessage().text(1, 'lightdom').text(2, readVersion());
  return new ProtobufMessage().message(2, tool).text(3, pathToFileURL(root).href).number(4, UTF8);
}

interface DocumentParts {
  readonly path: string;
  readonly inFile: OccurrenceRules['inFile'];
  readonly occurrences: readonly Occurrence[];
  readonly symbols: ScipSymbols;
}

function documentOf(view: GraphView, { path, inFile, occurrences, symbols }: DocumentParts): ProtobufMessage {
  const document = new ProtobufMessage().text(1, path);
  for (const { row, line, column, length, roles } of occurrences) {
    const range = [line - 1, column - 1, column - 1 + length];
    document.message(2, new ProtobufMessage().numbers(1, range).text(2, symbols.nameOf(row)).number(3, roles));
  }
  const told = new Set<string>();
  for (const row of inFile) {
    const name = symbols.nameOf(row);
    if (!told.has(name)) document.message(3, informationOf(view, row, symbols));
    told.add(name);
  }
  return document.text(4, languageOf(path)).number(6, UTF16_FROM_LINE_START);
}

function informationOf(view: GraphView, row: number, symbols: ScipSymbols): ProtobufMessage {
  const { signature, doc } = view.columns.nodes;
  const message = new ProtobufMessage().text(1, symbols.nameOf(row));
  if (signature[row] !== '') message.text(3, `\`\`\`ts\n${signature[row] ?? ''}\n\`\`\``);
  message.text(3, doc[row] ?? '');
  const isMember = MEMBERS.has(view.kindOf(row));
  for (const base of new Set(neighboursOf(view.forward, row, BASES))) {
    const relationship = new ProtobufMessage().text(1, symbols.nameOf(base)).flag(2, isMember).flag(3, true);
    message.message(4, relationship);
  }
  return message.number(5, KINDS[view.kindOf(row)]).text(6, view.nameOf(row));
}

function languageOf(path: string): string {
  const language = /\.[cm]?ts$|\.tsx$/.test(path) ? 'TypeScript' : 'JavaScript';
  return path.endsWith('x') ? `${language}React` : language;
}

function rowsByFile(view: GraphView, rows: Iterable<number>): Map<number, number[]> {
  const byFile = new Map<number, number[]>();
  for (const row of rows) {
    const file = view.columns.nodes.file[row] ?? -1;
    const inFile = byFile.get(file);
    if (inFile === undefined) byFile.set(file, [row]);
    else inFile.push(row);
  }
  return byFile;
}

/** Rows of the edges that are written in each file. */
function edgesByFile(view: GraphView): number[][] {
  const byFile: number[][] = view.columns.files.map(() => []);
  for (let edge = 0; edge < view.columns.edges.count; edge += 1)
    byFile[view.columns.edges.file[edge] ?? -1]?.push(edge);
  return byFile;
}
