import type { RunAccess } from './run-kind.ts';
import type { RunService } from './run-service.ts';

/** Calls `changed` after each change of a run and of its log, until the returned function is called. */
export function watchRun({ events }: Pick<RunService, 'events'>, runId: string, changed: () => void): () => void {
  const stops = [
    events.on('changed', (run) => {
      if (run.runId === runId) changed();
    }),
    events.on('logged', (logged) => {
      if (logged === runId) changed();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Ids that begin with the text, newest first. */
export async function proposeRuns(runs: Pick<RunService, 'listIds'>, text: string, access: RunAccess) {
  const { runIds, total } = await runs.listIds(text, access);
  return { values: runIds, total };
}
