import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { WorkflowDelivery } from './engine/index.ts';
import { runErrorOf } from './run-failure.ts';
import type { RunKinds } from './run-kinds.ts';
import { RunRecorder } from './run-recorder.ts';
import type { Run, RunContext, RunError } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import { storableJson } from './stored-text.ts';
import { isDatabaseAway, untilStored } from './until-stored.ts';
import type { Patience } from './until-stored.ts';

/** Work that took its process down so often would do it again; an orderly stop does not count. */
const MAX_CRASHES = 5;

/** A result is read by agents and listed with others; more than this belongs into tables. */
const MAX_RESULT_CHARACTERS = 100_000;

export interface DeliveryDeps {
  readonly store: RunStore;
  readonly kinds: RunKinds;
  readonly log: Log;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
  readonly onChanged: (run: Run) => void;
  readonly onProgress: (run: Run) => void;
}

type Outcome =
  | { readonly status: 'completed'; readonly result: string }
  | { readonly status: 'failed'; readonly error: RunError }
  | { readonly status: 'cancelled' }
  | { readonly status: 'interrupted' };

/**
 * Executes one delivery of a run from its row to its row. When the engine stops meanwhile, the row stays `running`
 * and the run is delivered again; when it was cancelled, what the handler still returns or throws is dropped.
 */
export async function deliverRun(deps: DeliveryDeps, { workflowId: runId, signal }: WorkflowDelivery): Promise<void> {
  const patience: Patience = { log: deps.log, signal: deps.closing };
  const begun = await untilStored(() => deps.store.begin(runId), patience);
  if (begun === undefined) return;
  const { run, crashes } = begun;
  deps.onChanged(run);
  const execution: Execution = { deps, run, signal, patience };
  const outcome = crashes >= MAX_CRASHES ? tooManyCrashes(deps, run, crashes) : await execute(execution);
  const ended = await storeOutcome(execution, outcome);
  if (ended !== undefined) deps.onChanged(ended);
}

interface Execution {
  readonly deps: DeliveryDeps;
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

async function execute({ deps, run, signal, patience }: Execution): Promise<Outcome> {
  if (signal.aborted) return abortedOutcome(signal);
  const recorder = new RunRecorder(deps, { runId: run.runId, attempt: run.attempt });
  const context: RunContext = {
    runId: run.runId,
    attempt: run.attempt,
    signal,
    progress: (progress) => recorder.progress(progress),
    log: (level, message) => recorder.event(level, message),
  };
  const outcome = await outcomeOf(deps, run, context);
  await recorder.close(patience);
  return outcome;
}

async function outcomeOf({ kinds, log }: DeliveryDeps, run: Run, context: RunContext): Promise<Outcome> {
  try {
    const result = await kinds.prepare(run.kind, run.input).execute(context);
    return { status: 'completed', result: resultText(result, run.kind) };
  } catch (thrown) {
    if (context.signal.aborted) return abortedOutcome(context.signal);
    return { status: 'failed', error: runErrorOf(thrown, run.runId, log) };
  }
}

/** What can't be stored although the database is there, such as too deep a result, fails the run instead. */
async function storeOutcome({ deps, run, patience }: Execution, outcome: Outcome): Promise<Run | undefined> {
  try {
    return await untilStored(() => writeOutcome(deps.store, run, outcome), patience);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    const failure = runErrorOf(error, run.runId, deps.log);
    return untilStored(() => deps.store.fail(run, failure), patience);
  }
}

async function writeOutcome(store: RunStore, run: Run, outcome: Outcome): Promise<Run | undefined> {
  if (outcome.status === 'completed') return store.complete(run, outcome.result);
  if (outcome.status === 'failed') return store.fail(run, outcome.error);
  if (outcome.status === 'cancelled') return store.cancel(run.runId, undefined);
  return undefined;
}

function abortedOutcome(signal: AbortSignal): Outcome {
  const reason: unknown = signal.reason;
  const isCancelled = reason instanceof AppError && reason.code === 'cancelled';
  return { status: isCancelled ? 'cancelled' : 'interrupted' };
}

function tooManyCrashes({ log }: DeliveryDeps, { runId }: Run, crashes: number): Outcome {
  const message = `The run was given up: the process that executed it ended ${crashes} times before the run did.`;
  const hint = 'Look into the log for what ends it (memory is the usual cause), then start a new run.';
  return { status: 'failed', error: runErrorOf(new AppError('limit_reached', message, { hint }), runId, log) };
}

function resultText(result: Record<string, unknown>, kind: string): string {
  const text = storableJson(result);
  if (text.length <= MAX_RESULT_CHARACTERS) return text;
  throw new Error(`The result of a ${kind} run has ${text.length} characters; at most ${MAX_RESULT_CHARACTERS} fit.`);
}
