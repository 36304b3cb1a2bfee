import { statesFor } from './run-actions.ts';
import type { RunAction } from './run-actions.ts';
import type { Run } from './run-schema.ts';

/**
 * What somebody has to agree to before it is done with a run, in a sentence; undefined for what can be taken back, and for
 * what does not apply and will be refused.
 */
export function consentFor(action: RunAction, run: Run): string | undefined {
  if (!statesFor(action).includes(run.status)) return undefined;
  const name = `run ${run.runId} (${run.kind}, "${run.title}")`;
  switch (action) {
    case 'cancel':
      return `Cancel ${name} for good, with its parts`;
    case 'approve':
      return `Approve ${name}, which asks ${JSON.stringify(run.approval ?? {})}`;
    case 'reject':
      return `Reject ${name}, which asks ${JSON.stringify(run.approval ?? {})}`;
    case 'pause':
    case 'resume':
    case 'retry':
    case 'prioritize':
      return undefined;
  }
}
