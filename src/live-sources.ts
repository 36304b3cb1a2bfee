import { AppError, messageOf } from './core/errors.ts';
import { newIncidentId } from './core/ids.ts';
import type { Log } from './core/log.ts';
import { OPERATORS } from './events/index.ts';
import type { EventOutbox } from './events/index.ts';
import type { GraphService } from './graph/index.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import type { Run, RunTailItem } from './runs/index.ts';
import type { ServiceView, SupervisorService } from './supervisor/index.ts';

/** A graph that follows edits changes several times an edit; who watches is told once. */
const GRAPH_GATHER_MS = 250;

/** What the parts of the system say, as live events. Returns what ends that. */
export function publishOrchestrator({ events }: Orchestrator, outbox: EventOutbox, log: Log): () => void {
  const stops = [
    events.on('initialized', () => outbox.publish({ type: 'initialized', data: {} })),
    events.on('started', () => outbox.publish({ type: 'started', data: {} })),
    events.on('stopping', () => outbox.publish({ type: 'stopping', data: {} })),
    events.on('phase', (data) => outbox.publish({ type: 'phase', data })),
    events.on('status', (data) => outbox.publish({ type: 'status', data })),
    events.on('warning', (message) => outbox.publish({ type: 'warning', data: { message } })),
    events.on('error', (error) => outbox.publish({ type: 'error', data: failureOf(error, log) })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What is new of a run, for its owner. */
export function publishRun(news: RunTailItem, outbox: EventOutbox): void {
  if (news.what === 'missed') {
    const reason = 'Changes of runs may be missing: the connection to the database broke.';
    return outbox.publish({ type: 'gap', data: { reason } });
  }
  const { owner } = news;
  if (news.what === 'changed') {
    return outbox.publish({ type: 'run.changed', data: changeOf(news.run), runId: news.run.runId, owner });
  }
  outbox.publish({ type: 'run.log', data: news.line, runId: news.line.runId, owner });
}

/** What happens to services; their lines are passed on to who listens, and not kept here. */
export function publishServices({ events }: Pick<SupervisorService, 'events'>, outbox: EventOutbox): () => void {
  const stops = [
    events.on('changed', (view, from) => {
      outbox.publish({ type: 'service.changed', data: serviceChangeOf(view, from) });
    }),
    events.on('alert', (alert) => outbox.publish({ type: 'service.alert', data: alert })),
    events.on('line', (service, line) => {
      outbox.pass({ type: 'service.log', data: { service, ...line }, owner: OPERATORS });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Calls `onChanged` as well, with the workspace and the number of its graph. */
export function publishGraph(
  graph: GraphService,
  outbox: EventOutbox,
  options: { readonly log: Log; onChanged(workspace: string, generation: number | undefined): void },
): () => void {
  const timers = new Map<string, NodeJS.Timeout>();
  const tell = async (root: string): Promise<void> => {
    const { workspace, generation, indexedAt, files } = await graph.summary(root);
    options.onChanged(workspace, generation);
    outbox.publish({ type: 'graph.changed', data: { workspace, generation, indexedAt, files } });
  };
  const stop = graph.events.on('changed', (root) => {
    if (timers.has(root)) return;
    const due = (): void => {
      timers.delete(root);
      tell(root).catch((error: unknown) => {
        options.log.debug({ reason: messageOf(error), root }, 'a changed graph could not be told of');
      });
    };
    timers.set(root, setTimeout(due, GRAPH_GATHER_MS).unref());
  });
  return () => {
    stop();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}

/** Without input and result: they may be large, and are the run's own to show. */
function changeOf({ runId, kind, title, status, progress, attempt, parentRunId, error, updatedAt }: Run) {
  return { runId, kind, title, status, progress, attempt, parentRunId, error, updatedAt };
}

function serviceChangeOf({ name: service, state, reason, isWanted, isCritical, restarts }: ServiceView, from: string) {
  return { service, state, from, reason, isWanted, isCritical, restarts };
}

function failureOf(error: unknown, log: Log) {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint };
  const incidentId = newIncidentId();
  log.error({ err: error, incidentId }, 'the system reported an unexpected failure');
  return { code: 'internal', message: `An unexpected failure (incident ${incidentId}).` };
}
