import type { Log } from '../core/log.ts';
import type { Tracer } from '../core/tracer.ts';
import { AppError } from '../core/errors.ts';
import type { WorkflowControl, WorkflowDelivery, WorkflowOutcome } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { runContext } from './run-context.ts';
import type { ContextHost } from './run-context.ts';
import { runErrorOf } from './run-failure.ts';
import type { RunKinds } from './run-kinds.ts';
import type { RunEventStore } from './run-event-store.ts';
import { RunRecorder } from './run-recorder.ts';
import { isTerminal, isWaiting } from './run-schema.ts';
import type { Run, RunError } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';
import { storableJson } from './stored-text.ts';
import { isDatabaseAway, untilStored } from './until-stored.ts';
import type { Patience } from './until-stored.ts';

/** Work that took its process down so often would do it again; an orderly stop does not count. */
const MAX_CRASHES = 5;

/** A result is read by agents and listed with others; more than this belongs into tables. */
const MAX_RESULT_CHARACTERS = 100_000;

export interface DeliveryDeps {
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly events: RunEventStore;
  readonly control: WorkflowControl;
  readonly kinds: RunKinds;
  readonly host: ContextHost;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly reach: FaultHook;
  readonly executorId: string;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
  /** A new attempt begins here. */
  readonly onBegun: (run: Run) => void;
  readonly onChanged: (run: Run) => void;
  readonly onProgress: (run: Run) => void;
}

type Outcome =
  | { readonly status: 'completed'; readonly result: string }
  | { readonly status: 'failed'; readonly error: RunError }
  | { readonly status: 'interrupted' };

/**
 * Executes one delivery of a run from its row to its row. Whoever aborts the signal has stored why, or stops the process:
 * then nothing is written here, and what the code of the run still returns or throws is dropped.
 */
export async function deliverRun(deps: DeliveryDeps, delivery: WorkflowDelivery): Promise<WorkflowOutcome> {
  const { workflowId: runId } = delivery;
  const patience: Patience = { log: deps.log, signal: deps.closing };
  deps.reach('begin:before');
  const begun = await untilStored(() => deps.transitions.begin(runId, deps.executorId), patience);
  if (begun === undefined) return leave(deps, runId, patience);
  const { run, traceParent } = begun.stored;
  deps.onBegun(run);
  deps.onChanged(run);
  deps.reach('begin:stored');
  const execution: Execution = { deps, run, delivery, patience };
  const outcome =
    begun.crashes >= MAX_CRASHES
      ? await tooManyCrashes(deps, run, begun.crashes)
      : await traced(execution, traceParent);
  if (outcome.status === 'interrupted') return 'released';
  const ended = await storeOutcome(execution, outcome);
  if (ended === undefined) return leave(deps, runId, patience);
  deps.onChanged(ended);
  return 'ended';
}

interface Execution {
  readonly deps: DeliveryDeps;
  readonly run: Run;
  readonly delivery: WorkflowDelivery;
  readonly patience: Patience;
}

/** A run that is paused meanwhile keeps its workflow, cancelled, for its resumption. */
async function leave({ store, control }: DeliveryDeps, runId: string, patience: Patience): Promise<WorkflowOutcome> {
  const run = await untilStored(() => store.find(runId), patience);
  if (run === undefined || isTerminal(run.status)) return 'ended';
  if (run.status === 'paused' || isWaiting(run.status)) await control.cancel([runId]);
  return 'released';
}

/** An attempt is a span of the trace of what started the run, in whatever process that was. */
async function traced(execution: Execution, parent: string | undefined): Promise<Outcome> {
  const { deps, run } = execution;
  const attributes = {
    'lightdom.run.id': run.runId,
    'lightdom.run.kind': run.kind,
    'lightdom.run.attempt': run.attempt,
  };
  return deps.tracer.span({ name: `run ${run.kind}`, kind: 'consumer', parent, attributes }, () => execute(execution));
}

async function execute({ deps, run, delivery, patience }: Execution): Promise<Outcome> {
  if (delivery.signal.aborted) return { status: 'interrupted' };
  const recorder = new RunRecorder(deps, { runId: run.runId, attempt: run.attempt });
  const outcome = await outcomeOf(deps, run, { delivery, recorder });
  await recorder.close(patience);
  return outcome;
}

async function outcomeOf(
  { kinds, host, log }: DeliveryDeps,
  run: Run,
  parts: { readonly delivery: WorkflowDelivery; readonly recorder: RunRecorder },
): Promise<Outcome> {
  try {
    const result = await kinds.prepare(run.kind, run.input).execute(runContext({ host, run, log, ...parts }));
    return { status: 'completed', result: resultText(result, run.kind) };
  } catch (thrown) {
    if (parts.delivery.signal.aborted) return { status: 'interrupted' };
    return { status: 'failed', error: runErrorOf(thrown, run.runId, log) };
  }
}

/** What can't be stored although the database is there, such as too deep a result, fails the run instead. */
async function storeOutcome({ deps, run, patience }: Execution, outcome: Outcome): Promise<Run | undefined> {
  try {
    return await untilStored(() => writeOutcome(deps, run, outcome), patience);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    const failure = runErrorOf(error, run.runId, deps.log);
    return (await untilStored(() => deps.transitions.fail(run, failure), patience))?.run;
  }
}

async function writeOutcome(
  { transitions, reach }: DeliveryDeps,
  run: Run,
  outcome: Outcome,
): Promise<Run | undefined> {
  if (outcome.status === 'completed') {
    reach('complete:before');
    const completed = await transitions.complete(run, outcome.result);
    reach('complete:stored');
    return completed?.run;
  }
  if (outcome.status === 'interrupted') return undefined;
  reach('fail:before');
  const failed = await transitions.fail(run, outcome.error);
  reach('fail:stored');
  return failed?.run;
}

async function tooManyCrashes({ events, log }: DeliveryDeps, { runId }: Run, crashes: number): Promise<Outcome> {
  const lines = await events.recent(runId, LAST_LINES).catch(() => []);
  const last = lines.findLast(({ message }) => !/^(recovered|started|goes on)/.test(message));
  const about = last === undefined ? '' : ` The last that it said: ${last.message}`;
  const message = `The run was given up: the process that executed it ended ${crashes} times before the run did.${about}`;
  const hint = 'Look into the log for what ends it (memory is the usual cause), then retry it.';
  return { status: 'failed', error: runErrorOf(new AppError('limit_reached', message, { hint }), runId, log) };
}

const LAST_LINES = 20;

function resultText(result: Record<string, unknown>, kind: string): string {
  const text = storableJson(result);
  if (text.length <= MAX_RESULT_CHARACTERS) return text;
  throw new Error(`The result of a ${kind} run has ${text.length} characters; at most ${MAX_RESULT_CHARACTERS} fit.`);
}
