import type { Run } from './run-schema.ts';

const MAX_RESULT_CHARACTERS = 400;

/** A run in one line, for agents and terminals. */
export function renderRun(run: Run): string {
  const attempt = run.attempt > 1 ? ` attempt=${run.attempt}` : '';
  return `${run.runId} ${run.kind} ${run.status}${attempt} "${run.title}"${progressOf(run)}${outcomeOf(run)}`;
}

function progressOf({ progress: { done, total, unit, message }, status }: Run): string {
  const isShown = status !== 'completed' && (done > 0 || total > 0);
  const count = isShown ? ` ${done}${total === 0 ? '' : `/${total}`} ${unit}`.trimEnd() : '';
  return message === '' || status === 'completed' ? count : `${count} (${message})`;
}

function outcomeOf(run: Run): string {
  if (run.error !== undefined) {
    const hint = run.error.hint === undefined ? '' : ` ${run.error.hint}`;
    return ` error=${run.error.code}: ${run.error.message}${hint}`;
  }
  if (run.result === undefined) return '';
  const text = JSON.stringify(run.result);
  return ` result=${text.length > MAX_RESULT_CHARACTERS ? `${text.slice(0, MAX_RESULT_CHARACTERS)}…` : text}`;
}
