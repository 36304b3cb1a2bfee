import { LOCAL_PRINCIPAL } from '../core/access.ts';
import { AppError } from '../core/errors.ts';
import type { StartRunOptions } from './run-kind.ts';
import type { PreparedRun } from './run-kinds.ts';
import { budgetSchema, DEFAULT_PRIORITY, prioritySchema } from './run-schema.ts';
import type { Budget } from './run-schema.ts';
import type { NewRun } from './run-store.ts';
import { storableJson, storableText } from './stored-text.ts';

const MAX_TITLE_CHARACTERS = 200;
/** An input is read with each run that is listed; more than this belongs into a file or a table. */
const MAX_INPUT_CHARACTERS = 1_000_000;
const MAX_TIMEOUT_MS = 366 * 24 * 3_600_000;

export interface RunRequest {
  readonly runId: string;
  readonly kind: string;
  readonly input: unknown;
  readonly options: StartRunOptions;
  /** W3C `traceparent` of what starts it. */
  readonly traceParent: string | undefined;
}

/**
 * Checks what a caller asks for. `localQueue` is the name of the queue that kinds call `local`. Throws `invalid_input`
 * naming the value that does not fit.
 */
export function newRunOf(prepared: PreparedRun, request: RunRequest, localQueue: string): NewRun {
  const { runId, kind, input, options, traceParent } = request;
  return {
    runId,
    kind,
    title: storableText(options.title ?? prepared.title(), MAX_TITLE_CHARACTERS),
    input: inputText(kind, input),
    queue: prepared.queue === 'local' ? localQueue : prepared.queue,
    priority: checkedPriority(options.priority ?? DEFAULT_PRIORITY),
    timeoutMs: checkedTimeout(options.timeoutMs),
    budget: checkedBudget(options.budget ?? {}),
    parentRunId: options.parentRunId,
    owner: options.owner ?? LOCAL_PRINCIPAL,
    traceParent,
  };
}

function inputText(kind: string, input: unknown): string {
  const text = storableJson(input);
  if (text.length > MAX_INPUT_CHARACTERS) {
    const message = `The input of a ${kind} run has ${text.length} characters; at most ${MAX_INPUT_CHARACTERS} fit.`;
    throw new AppError('invalid_input', message, { hint: 'Put the bulk into a file of the workspace and name that.' });
  }
  if (text === (JSON.stringify(input) ?? 'null')) return text;
  throw new AppError('invalid_input', `The input of a ${kind} run holds text with a NUL or half a character.`);
}

function checkedPriority(priority: number): number {
  if (prioritySchema.safeParse(priority).success) return priority;
  throw new AppError('invalid_input', `The priority ${priority} is not an integer from 1 to 10; 10 goes first.`);
}

function checkedTimeout(timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) return timeoutMs;
  const message = `The time limit of ${timeoutMs} ms is not above 0 and at most ${MAX_TIMEOUT_MS} (a year).`;
  throw new AppError('invalid_input', message, { hint: 'Leave it out for a run without deadline.' });
}

function checkedBudget(budget: Budget): Budget {
  const parsed = budgetSchema.safeParse(budget);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'budget'}: ${issue.message}`);
  throw new AppError('invalid_input', `The budget ${JSON.stringify(budget)} does not fit: ${problems.join('; ')}.`, {
    hint: 'Units: operations, tokens, usd; each 0 or more.',
  });
}
