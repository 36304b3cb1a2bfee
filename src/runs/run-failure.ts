import { z } from 'zod';
import { AppError, ERROR_TABLE } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { newIncidentId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { RunError } from './run-schema.ts';
import { storableText } from './stored-text.ts';

const MAX_ERROR_CHARACTERS = 4_000;

/** What a run keeps of a failure: an expected error as it is, of any other one only the number under which it is logged. */
export function runErrorOf(thrown: unknown, runId: string, log: Log): RunError {
  if (thrown instanceof AppError && thrown.code !== 'internal') {
    const hint = thrown.hint === undefined ? {} : { hint: storableText(thrown.hint, MAX_ERROR_CHARACTERS) };
    return { code: thrown.code, message: storableText(thrown.message, MAX_ERROR_CHARACTERS), ...hint };
  }
  const incident = newIncidentId();
  log.error({ incident, runId, err: thrown }, 'run failed by an unexpected error');
  return {
    code: 'internal',
    message: `An unexpected error ended the run (incident ${incident}).`,
    hint: 'Start it again; if it fails again, look for the incident in the log.',
  };
}

const recordedError = z.object({
  name: z.literal('AppError'),
  code: z.string().refine(isErrorCode),
  message: z.string(),
  hint: z.string().optional(),
});

/** An expected error that comes back from a recorded step has kept its fields and lost its class. */
export function revived(thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
  const parsed = recordedError.safeParse(Object.assign({}, thrown, { name: thrown.name, message: thrown.message }));
  if (!parsed.success || !isErrorCode(parsed.data.code)) return thrown;
  const { code, message, hint } = parsed.data;
  return new AppError(code, message, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
