import { z } from 'zod';
import { DEFAULT_PRIORITY, RUN_STATUSES } from './run-schema.ts';
import type { Run, RunEvent, RunStatus } from './run-schema.ts';

const MAX_RESULT_CHARACTERS = 400;

/** A run in one line, for agents and terminals. */
export function renderRun(run: Run): string {
  const attempt = run.attempt > 1 ? ` attempt=${run.attempt}` : '';
  const head = `${run.runId} ${run.kind} ${run.status}${attempt} "${run.title}"`;
  return `${head}${placeOf(run)}${progressOf(run)}${limitsOf(run)}${outcomeOf(run)}`;
}

export function renderRunEvent({ at, level, message }: RunEvent): string {
  return `${at} ${level} ${message}`;
}

/** `16 parts: 12 completed, 4 running` */
export function renderParts(parts: Partial<Record<RunStatus, number>>): string {
  const counts = RUN_STATUSES.flatMap((status) => {
    const count = parts[status] ?? 0;
    return count === 0 ? [] : [{ status, count }];
  });
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return `${total} parts: ${counts.map(({ status, count }) => `${count} ${status}`).join(', ')}`;
}

function placeOf({ parentRunId, priority }: Run): string {
  const parent = parentRunId === undefined ? '' : ` part-of=${parentRunId}`;
  return priority === DEFAULT_PRIORITY ? parent : `${parent} priority=${priority}`;
}

function progressOf({ progress: { done, total, unit, message }, status }: Run): string {
  const isShown = status !== 'completed' && (done > 0 || total > 0);
  const count = isShown ? ` ${done}${total === 0 ? '' : `/${total}`} ${unit}`.trimEnd() : '';
  return message === '' || status === 'completed' ? count : `${count} (${message})`;
}

/** What bounds a run that has not ended. */
function limitsOf({ deadlineAt, budget, spent, endedAt }: Run): string {
  if (endedAt !== undefined) return '';
  const spending = budget === undefined ? '' : ` spent=${JSON.stringify(spent ?? {})} of ${JSON.stringify(budget)}`;
  return deadlineAt === undefined ? spending : `${spending} deadline=${deadlineAt}`;
}

function outcomeOf(run: Run): string {
  if (run.status === 'waiting_input') return questionsOf(run);
  if (run.approval !== undefined) return ` asks=${JSON.stringify(run.approval)}`;
  if (run.error !== undefined) {
    const hint = run.error.hint === undefined ? '' : ` ${run.error.hint}`;
    return ` error=${run.error.code}: ${run.error.message}${hint}`;
  }
  if (run.result === undefined) return '';
  const text = JSON.stringify(run.result);
  return ` result=${text.length > MAX_RESULT_CHARACTERS ? `${text.slice(0, MAX_RESULT_CHARACTERS)}…` : text}`;
}

/** ` asks ask-1-name="Your name?" (name: string, age?: integer)`; so that it can be answered by what is read here. */
function questionsOf({ questions = {} }: Run): string {
  const asked = Object.entries(questions).map(
    ([key, { message, schema }]) => `${key}=${JSON.stringify(message)} (${fieldsOf(schema)})`,
  );
  return ` asks ${asked.join(', ')}`;
}

const formSchema = z.object({
  properties: z
    .record(z.string(), z.looseObject({ type: z.string(), enum: z.array(z.string()).optional() }))
    .default({}),
  required: z.array(z.string()).default([]),
});

function fieldsOf(schema: unknown): string {
  const form = formSchema.safeParse(schema);
  if (!form.success) return '';
  const { properties, required } = form.data;
  const fields = Object.entries(properties).map(
    ([name, { type, enum: choices }]) => `${name}${required.includes(name) ? '' : '?'}: ${choices?.join('|') ?? type}`,
  );
  return fields.join(', ');
}
