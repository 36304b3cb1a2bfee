import { AppError } from '../../core/errors.ts';
import { frameOf } from '../answer-frame.ts';
import type { ExportAnswer, ExportFormat, ExportInput } from '../export-schema.ts';
import type { OpenView } from '../graph-views.ts';
import { dotExport } from './dot-export.ts';
import { drawnGraph } from './drawn-graph.ts';
import { exportName, keepOrWrite } from './export-file.ts';
import { kindsOf, selectPart } from './graph-part.ts';
import type { GraphPart } from './graph-part.ts';
import { graphmlExport } from './graphml-export.ts';
import { jsonExport } from './json-export.ts';
import { mermaidExport } from './mermaid-export.ts';
import { scipExport } from './scip-export.ts';

export interface ExportPlace {
  /** Where files go. */
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** About ten thousand tokens: more is for a program to read, not for an agent. */
const MAX_INLINE_BYTES = 40 * 1024;

/** What Mermaid draws without being told to draw more. */
const MERMAID_EDGES = 500;

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  json: 'json',
  graphml: 'graphml',
  mermaid: 'mmd',
  dot: 'dot',
  scip: 'scip',
};

/** Throws `invalid_input` for SCIP of files, `permission_denied` when a file can't be written. */
export async function exportGraph(open: OpenView, input: ExportInput, place: ExportPlace): Promise<ExportAnswer> {
  if (input.format === 'scip' && input.level === 'file') {
    throw new AppError('invalid_input', 'SCIP knows symbols only, not level file.', { hint: 'Leave out `level`.' });
  }
  const isScip = input.format === 'scip';
  const { view, root } = open;
  const part = selectPart(view, input);
  const written = { symbols: 0, occurrences: 0, inexact: 0 };
  const question = [view.edition, input.format, part.level, input.path, input.kinds, input.maxNodes];
  const { bytes, content, file } = await keepOrWrite(chunksOf(open, { input, part, place, written }), {
    folder: place.folder,
    name: exportName(root, question, EXTENSIONS[input.format]),
    maxInlineBytes: isScip ? 0 : MAX_INLINE_BYTES,
    signal: place.signal,
  });
  return {
    format: input.format,
    level: part.level,
    nodes: isScip ? written.symbols : part.nodes.length,
    edges: isScip ? written.occurrences : part.edges.length,
    bytes,
    ...(content !== undefined && { content }),
    ...(file !== undefined && { file }),
    notes: notesOf(part, input, written),
    ...(await frameOf(open, part.hiddenNodes > 0)),
  };
}

interface Writing {
  readonly input: ExportInput;
  readonly part: GraphPart;
  readonly place: ExportPlace;
  /** Counted while chunks are made. */
  readonly written: { symbols: number; occurrences: number; inexact: number };
}

function chunksOf({ view, root }: OpenView, { input, part, place, written }: Writing) {
  const formats = {
    json: () => jsonExport(view, part, root),
    graphml: () => graphmlExport(view, part),
    mermaid: () => mermaidExport(drawnGraph(view, part)),
    dot: () => dotExport(drawnGraph(view, part)),
    scip: () =>
      scipExport(view, part, {
        root,
        mask: kindsOf(input),
        maxFileBytes: place.maxFileBytes,
        onFile: ({ symbols, occurrences, isExact }) => {
          written.symbols += symbols;
          written.occurrences += occurrences;
          written.inexact += isExact ? 0 : 1;
        },
      }),
  } satisfies Record<ExportFormat, () => unknown>;
  return formats[input.format]();
}

function notesOf(part: GraphPart, { path, format }: ExportInput, written: Writing['written']): string[] {
  const { hiddenNodes, leavingEdges, nodes, edges } = part;
  return [
    ...(format === 'mermaid' && edges.length > MERMAID_EDGES
      ? [`more than ${MERMAID_EDGES} edges: Mermaid needs its setting maxEdges for it, or narrow path, kinds, maxNodes`]
      : []),
    ...(nodes.length === 0 && path !== undefined ? [`no file matches ${path}`] : []),
    ...(hiddenNodes === 0 ? [] : [`${hiddenNodes} less connected nodes are left out; see maxNodes, path, level`]),
    ...(leavingEdges === 0 || path === undefined ? [] : [`${leavingEdges} relations lead in or out of ${path}`]),
    ...(format === 'scip' ? ['locals, libraries and tests are no symbols of the graph'] : []),
    ...(written.inexact === 0
      ? []
      : [`${written.inexact} files were changed since the index: of a name that an import changes the end is off`]),
  ];
}
