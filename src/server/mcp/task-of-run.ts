import { INTERNAL_ERROR } from '@modelcontextprotocol/server';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { AppError, isErrorCode } from '../../core/errors.ts';
import { approvalFields, renderRun } from '../../runs/index.ts';
import type { Run, RunError, RunQuestion } from '../../runs/index.ts';
import { formRequest } from '../../surface/index.ts';
import type { InputRequest } from '../../surface/index.ts';
import { toolErrorResult } from './wire-error.ts';

const POLL_INTERVAL_MS = 500;

/** What the run asks, each under the key that an answer names. */
function inputRequestsOf({ questions = {} }: Run): Record<string, InputRequest> {
  return Object.fromEntries(Object.entries(questions).map(([key, question]) => [key, inputRequestOf(question)]));
}

function inputRequestOf({ message, schema }: RunQuestion): InputRequest {
  if (schema === undefined) return formRequest(message, approvalFields);
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: schema } };
}

type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** What every answer about a task holds. */
export function taskOf(run: Run) {
  return {
    taskId: run.runId,
    status: statusOf(run),
    statusMessage: run.progress.message === '' ? run.title : run.progress.message,
    createdAt: run.createdAt,
    lastUpdatedAt: run.updatedAt,
    // It is kept for as long as the run, which is set for all of them and counts from the end.
    ttlMs: null,
    pollIntervalMs: POLL_INTERVAL_MS,
  };
}

/** What went wrong in the work is for the agent to read, as the result of a call is; only a fault of the server fails. */
function statusOf({ status, error }: Run): TaskStatus {
  switch (status) {
    case 'pending':
    case 'running':
    case 'paused':
      return 'working';
    case 'waiting_approval':
    case 'waiting_input':
      return 'input_required';
    case 'failed':
      return error?.code === 'internal' ? 'failed' : 'completed';
    case 'completed':
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}

/** As `tasks/get` answers: with the result, the fault or the questions where the state has them. */
export function detailedTask(run: Run): Record<string, unknown> {
  const task = taskOf(run);
  if (task.status === 'input_required') return { ...task, inputRequests: inputRequestsOf(run) };
  if (task.status === 'failed') {
    return { ...task, error: { code: INTERNAL_ERROR, message: run.error?.message ?? 'The run failed.' } };
  }
  if (task.status !== 'completed') return task;
  return { ...task, result: resultOf(run) };
}

function appErrorOfRun({ code, message, hint }: RunError): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal', message, hint === undefined ? {} : { hint });
}

function resultOf(run: Run): CallToolResult {
  if (run.error !== undefined) return toolErrorResult(appErrorOfRun(run.error));
  return { content: [{ type: 'text', text: renderRun(run) }], structuredContent: { run } };
}
