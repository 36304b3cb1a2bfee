import type { GraphService } from '../graph/index.ts';
import type { Run, RunService } from '../runs/index.ts';
import type { Subsystem } from './subsystem.ts';

/** The code graph as a part of the whole: its phase starts one index run of the workspace and does not wait for it. */
export function indexingSubsystem(graph: GraphService, runs: RunService): Subsystem {
  let latest: Run | undefined;
  let isStarted = false;
  const stopListening = runs.events.on('changed', (run) => {
    if (run.kind !== 'graph_index') return;
    latest = run;
    // The first question finds it loaded, and edits are followed from now on.
    if (isStarted && run.status === 'completed') void graph.open(undefined).catch(() => undefined);
  });
  return {
    key: 'indexing',
    async start() {
      isStarted = true;
      // A run that a former process left unfinished has been resumed already.
      const { activeRunId } = await graph.summary();
      latest = activeRunId === undefined ? await graph.startIndex({}) : await runs.get(activeRunId);
      return `run ${latest.runId}`;
    },
    stop() {
      stopListening();
      isStarted = false;
      return Promise.resolve();
    },
    status: () => ({
      state: isStarted || latest?.status === 'running' ? 'running' : 'initialized',
      details: {
        ...(latest !== undefined && { runId: latest.runId, run: latest.status, ...latest.progress }),
        ...graph.following(),
      },
    }),
    metrics: () => ({ indexingProgress: percentOf(latest) }),
  };
}

function percentOf(run: Run | undefined): number {
  if (run === undefined) return 0;
  if (run.status === 'completed') return 100;
  const { done, total } = run.progress;
  return total === 0 ? 0 : Math.min(100, Math.floor((100 * done) / total));
}
