import type { SearchAnswer } from './graph-answers.ts';
import type { Coverage } from './graph-schema.ts';
import type { OpenView } from './graph-views.ts';
import type { Answered } from './query/lookup-answer.ts';

/** What every answer says of the index that gave it. */
export type Frame = Pick<SearchAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

export async function frameOf(
  { root, summary, sweep }: OpenView,
  truncated: Answered<unknown>['isTruncated'],
): Promise<Frame> {
  const { generation, publishedAt, engine, typed, syntax, unresolved } = summary;
  const coverage: Coverage = { engine, typed, syntax, unresolved, pending: await sweep.countChanged(), truncated };
  return { workspace: root, generation, indexedAt: publishedAt, coverage };
}
