import type { ReportAnswer, ReportFinding, ReportInput } from '../report-schema.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import type { Answered } from './lookup-answer.ts';
import { pageOf } from './page-cursor.ts';
import { createPathFilter } from './path-filter.ts';

type ReportBody = Omit<ReportAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

/** All findings of a report in their order, each made into an answer's shape only when its page is asked for. */
export interface Findings {
  readonly items: readonly Finding[];
  readonly notes: readonly string[];
}

export interface Finding {
  /** The symbol or file that it is about; undefined for what is not in the graph, which has all of the following. */
  readonly row?: number | undefined;
  /** What it goes by, if not by what its row does. */
  readonly path?: string;
  readonly name?: string;
  readonly kind?: string;
  /** Where the finding is, if not at its row's own line. */
  readonly line?: number;
  readonly isCertain: boolean;
  readonly reason: string;
  /** Of what is in several places, all of them. */
  readonly places?: readonly Place[];
}

export interface Place {
  readonly path: string;
  readonly line?: number;
  readonly lastLine?: number;
}

const NO_HIT = { id: '', kind: '', name: '', path: '', line: 0 } as const;

/** A page of findings. Throws `invalid_input` for a cursor of another question. */
export function answerReport(view: GraphView, input: ReportInput, { items, notes }: Findings): Answered<ReportBody> {
  const { report, path, rules } = input;
  const isWanted = path === undefined ? () => true : createPathFilter(path);
  const wanted = items.filter((finding) => pathsOf(view, finding).some((each) => isWanted(each)));
  const question = ['report', report, path, rules];
  const page = pageOf(wanted, { edition: view.edition, question, cursor: input.cursor, limit: input.limit });
  const hidden = items.length - wanted.length;
  const note = [...notes, ...(hidden === 0 ? [] : [`${hidden} findings elsewhere than in ${path}`])].join('; ');
  return {
    body: {
      report,
      findings: page.items.map((finding) => shaped(view, finding)),
      total: wanted.length,
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
      ...(note !== '' && { note }),
    },
    isTruncated: page.nextCursor !== undefined,
  };
}

function pathsOf(view: GraphView, { row, path, places = [] }: Finding): string[] {
  const own = path ?? (row === undefined ? '' : view.pathOf(row));
  return [own, ...places.map((place) => place.path)];
}

function shaped(view: GraphView, { row, places, isCertain, reason, ...own }: Finding): ReportFinding {
  const hit = row === undefined ? NO_HIT : hitOf(view, row);
  const { name = hit.name, kind = hit.kind, path = hit.path, line = hit.line } = own;
  const all = places === undefined ? {} : { places: places.map(placeText) };
  return { id: hit.id, kind, name, path, line, isCertain, reason, ...all };
}

function placeText({ path, line, lastLine }: Place): string {
  if (line === undefined) return path;
  return lastLine === undefined ? `${path}:${line}` : `${path}:${line}-${lastLine}`;
}
