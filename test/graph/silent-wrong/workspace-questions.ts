import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reportInputSchema } from '../../../src/graph/report-schema.ts';
import { symbolInputSchema, traceInputSchema } from '../../../src/graph/graph-answers.ts';
import type { TraceDirection } from '../../../src/graph/graph-answers.ts';
import type { EngineName, GraphColumns } from '../../../src/graph/graph-schema.ts';
import { readPackageEntries } from '../../../src/graph/package-entries.ts';
import { graphFindings } from '../../../src/graph/query/graph-findings.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { answerReport } from '../../../src/graph/query/report-answer.ts';
import { answerSymbol } from '../../../src/graph/query/symbol-answer.ts';
import { answerTrace } from '../../../src/graph/query/trace-answer.ts';
import { wholeViewOf } from '../../../src/graph/query/whole-view.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { extractFolder } from '../engine/extract-folder.ts';

export type Files = Readonly<Record<string, string>>;

/** What a user can ask of a workspace, in words short enough for a test. */
export interface Questions {
  /** `path#name` of the callers, nearest first; those only possible end with `?`. */
  readonly callers: (symbol: string) => string[];
  readonly impact: (symbol: string) => string[];
  readonly references: (symbol: string) => string[];
  /** The note that explains an empty or doubtful answer. */
  readonly note: (symbol: string, direction: TraceDirection) => string;
  /** `none`, `one` or `many`, and the candidates' names. */
  readonly match: (symbol: string) => { readonly match: string; readonly candidates: string[] };
  /** Names that are certainly dead. */
  readonly dead: () => string[];
  readonly columns: GraphColumns;
}

/** Writes the files and indexes them. The caller removes the folder. */
export async function writeWorkspace(files: Files): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'lightdom-silent-')));
  await writeFiles(root, files);
  return root;
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

export async function ask(root: string, engine: EngineName): Promise<Questions> {
  const { columns } = await extractFolder(root, { engine });
  return questionsOf(root, viewOf(columns));
}

/** The same of a graph that is there already. */
export async function questionsOf(root: string, view: GraphView): Promise<Questions> {
  const { columns } = view;
  const entries = await readPackageEntries(
    root,
    columns.files.map(({ path }) => path).filter((path) => path !== ''),
  );
  const trace = (symbol: string, direction: TraceDirection) =>
    answerTrace(view, traceInputSchema.parse({ symbol, direction, limit: 200 })).body;
  const hits = (symbol: string, direction: TraceDirection): string[] => {
    const { match, hits: found } = trace(symbol, direction);
    if (match !== 'one') throw new Error(`${match} symbols are ${symbol}.`);
    return found.map(
      ({ path, name, kind, provenance }) =>
        `${kind === 'file' ? path : `${path}#${name}`}${provenance === 'dispatch' ? '?' : ''}`,
    );
  };
  return {
    columns,
    callers: (symbol) => hits(symbol, 'callers'),
    impact: (symbol) => hits(symbol, 'impact'),
    references: (symbol) => hits(symbol, 'references'),
    note: (symbol, direction) => trace(symbol, direction).note ?? '',
    match: (symbol) => {
      const { match, candidates } = answerSymbol(view, symbolInputSchema.parse({ symbol }).symbol).body;
      return { match, candidates: candidates.map(({ name }) => name) };
    },
    dead: () => {
      const input = reportInputSchema.parse({ report: 'dead_code', limit: 200 });
      const whole = wholeViewOf(view);
      const items = graphFindings(whole, { report: 'dead_code' }, entries);
      const { findings } = answerReport(whole, input, items).body;
      return findings.filter(({ isCertain }) => isCertain).map(({ name }) => name);
    },
  };
}
