import type { SearchAnswer, SearchInput } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import type { Answered } from './lookup-answer.ts';
import { pageOf } from './page-cursor.ts';
import { searchSymbols } from './symbol-search.ts';
import { noMatchesNote } from './zero-notes.ts';

type SearchBody = Pick<SearchAnswer, 'hits' | 'total' | 'nextCursor' | 'note'>;

export function answerSearch(view: GraphView, input: SearchInput): Answered<SearchBody> {
  const rows = searchSymbols(view, input);
  const { items, nextCursor } = pageOf(rows, {
    generation: view.generation,
    question: ['search', input.query, input.kind, input.path],
    cursor: input.cursor,
    limit: input.limit,
  });
  const hits = items.map((row) => hitOf(view, row));
  const note = rows.length === 0 ? noMatchesNote(view, input) : undefined;
  return {
    body: {
      hits,
      total: rows.length,
      ...(nextCursor !== undefined && { nextCursor }),
      ...(note !== undefined && { note }),
    },
    isTruncated: nextCursor !== undefined,
  };
}
