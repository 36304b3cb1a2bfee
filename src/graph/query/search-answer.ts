import type { SearchAnswer, SearchInput } from '../graph-answers.ts';
import type { GraphView } from './graph-view.ts';
import { hitOf } from './hit-shapes.ts';
import type { Answered } from './lookup-answer.ts';
import { pageWindow } from './page-cursor.ts';
import { searchSymbols } from './symbol-search.ts';
import { noMatchesNote, unknownWordsNote } from './zero-notes.ts';

type SearchBody = Pick<SearchAnswer, 'hits' | 'total' | 'nextCursor' | 'note'>;

export function answerSearch(view: GraphView, input: SearchInput): Answered<SearchBody> {
  const { offset, end, nextCursor } = pageWindow({
    edition: view.edition,
    question: ['search', input.query, input.kind, input.path],
    cursor: input.cursor,
    limit: input.limit,
  });
  const found = searchSymbols(view, input, end);
  const cursor = nextCursor(found.total);
  const note = found.total === 0 ? noMatchesNote(view, input) : unknownWordsNote(found);
  return {
    body: {
      hits: found.rows.slice(offset).map((row) => hitOf(view, row)),
      total: found.total,
      ...(cursor !== undefined && { nextCursor: cursor }),
      ...(note !== undefined && { note }),
    },
    isTruncated: cursor !== undefined,
  };
}
