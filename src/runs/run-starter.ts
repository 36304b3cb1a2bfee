import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Tracer } from '../core/tracer.ts';
import type { WorkflowControl } from './engine/index.ts';
import type { FaultHook } from './fault-points.ts';
import { attemptOver } from './run-context.ts';
import type { ChildRequest } from './run-context.ts';
import { runErrorOf } from './run-failure.ts';
import type { RunKinds } from './run-kinds.ts';
import { enqueueRun } from './run-redelivery.ts';
import { newRunOf } from './run-request.ts';
import type { RunRequest } from './run-request.ts';
import type { StoredRun } from './run-rows.ts';
import type { Run } from './run-schema.ts';
import type { RunStore } from './run-store.ts';
import type { RunTransitionStore } from './run-transition-store.ts';

export interface StarterDeps {
  readonly store: RunStore;
  readonly transitions: RunTransitionStore;
  readonly control: WorkflowControl;
  readonly kinds: RunKinds;
  readonly log: Log;
  readonly reach: FaultHook;
  /** The name of the queue that kinds call `local`. */
  readonly localQueue: string;
  readonly onChanged: (run: Run) => void;
  readonly tracer: Tracer;
}

type Asked = Omit<RunRequest, 'traceParent'>;

/** Stores new runs and hands them to the engine. One that was stored and not handed over is found by the keeper. */
export class RunStarter {
  readonly #deps: StarterDeps;

  constructor(deps: StarterDeps) {
    this.#deps = deps;
  }

  async start(request: Asked): Promise<Run> {
    const stored = await this.#insert(request);
    this.#deps.reach('start:stored');
    await this.#enqueue(stored);
    this.#deps.reach('start:enqueued');
    return stored.run;
  }

  /** The same child each time: one that a former attempt started is returned as it is by now. */
  async startChild(parent: Run, childRunId: string, { kind, input, options }: ChildRequest): Promise<Run> {
    const { kinds, control, reach } = this.#deps;
    if (kinds.prepare(kind, input).queue === kinds.prepare(parent.kind, parent.input).queue) {
      throw new AppError('unsupported', `A ${kind} run can't belong to a ${parent.kind} run: both wait in one queue.`, {
        hint: 'Give the kind of the child another `queue`: its parent holds a place in its own while it waits.',
      });
    }
    const given = { priority: parent.priority, ...options, parentRunId: parent.runId };
    const stored = await this.#insert({ runId: childRunId, kind, input, options: given });
    reach('child:stored');
    if (stored.run.attempt === 0) await enqueueRun(control, stored);
    reach('child:enqueued');
    return stored.run;
  }

  async #insert(request: Asked): Promise<StoredRun> {
    const { store, kinds, localQueue, onChanged, tracer } = this.#deps;
    const prepared = kinds.prepare(request.kind, request.input);
    const stored = await store.insert(newRunOf(prepared, { ...request, traceParent: tracer.parent() }, localQueue));
    if (stored === undefined) throw attemptOver(request.options.parentRunId ?? '');
    onChanged(stored.run);
    return stored;
  }

  /** A run whose start the caller saw fail must not begin later on its own. */
  async #enqueue(stored: StoredRun): Promise<void> {
    const { control, transitions, log, onChanged } = this.#deps;
    try {
      await enqueueRun(control, stored);
    } catch (error) {
      const failed = await transitions.fail(stored.run, runErrorOf(error, stored.run.runId, log));
      if (failed !== undefined) onChanged(failed.run);
      throw error;
    }
  }
}
