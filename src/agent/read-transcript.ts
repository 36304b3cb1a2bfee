import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../core/key-cursor.ts';
import type { AgentAttempt } from './agent-schema.ts';
import type { HealKit } from './heal-kit.ts';
import type { TranscriptAnswer, TranscriptInput, TranscriptMessage } from './transcript-schema.ts';

/** What a page holds in characters, unless its first message alone is longer. */
const MAX_PAGE = 20_000;
/** Attempts that are looked through for one that asked a model. */
const MAX_ATTEMPTS = 100;

const position = z.tuple([z.number()]);

/** One page of what was said between the agent and a model. Throws `not_found` where no model was asked. */
export async function readTranscript(
  { attempts, transcripts }: Pick<HealKit, 'attempts' | 'transcripts'>,
  { taskId, attempt: wanted, limit, cursor }: TranscriptInput,
): Promise<TranscriptAnswer> {
  const attempt = attemptOf(await attempts.listOf(taskId, MAX_ATTEMPTS), { taskId, wanted });
  const { attemptId, number, fixer: model, outcome, reason } = attempt;
  const question = ['agent_transcript', attemptId];
  const [after] = cursor === undefined ? [0] : decodeKeyCursor(position, question, cursor);
  const [found, total] = await Promise.all([
    transcripts.list(attemptId, { after, limit }),
    transcripts.count(attemptId),
  ]);
  const messages = pageOf(found);
  const last = messages.at(-1)?.number ?? total;
  return {
    taskId,
    attempt: number,
    model,
    outcome,
    reason,
    messages,
    total,
    ...(last < total && { nextCursor: encodeKeyCursor(question, [last]) }),
  };
}

function attemptOf(
  attempts: readonly AgentAttempt[],
  { taskId, wanted }: { readonly taskId: string; readonly wanted: number | undefined },
): AgentAttempt {
  const asked = attempts.filter(({ provider }) => provider !== undefined);
  const found = wanted === undefined ? asked[0] : asked.find(({ number }) => number === wanted);
  if (found !== undefined) return found;
  const what = wanted === undefined ? 'No attempt' : `No attempt ${wanted}`;
  throw new AppError('not_found', `${what} at task \`${taskId}\` has asked a model and ended.`, {
    hint: 'agent_task shows the attempts of a task, and who made them.',
  });
}

function pageOf(messages: readonly TranscriptMessage[]): TranscriptMessage[] {
  let length = 0;
  const tooLong = messages.findIndex((message, at) => {
    length += lengthOf(message);
    return at > 0 && length > MAX_PAGE;
  });
  return tooLong < 0 ? [...messages] : messages.slice(0, tooLong);
}

function lengthOf({ content, reasoning = '', calls = [] }: TranscriptMessage): number {
  return calls.reduce((sum, call) => sum + call.arguments.length, content.length + reasoning.length);
}
