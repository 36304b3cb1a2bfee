/** What can happen. `gap`: events between the former id and this one's were forgotten or lost. */
export const EVENT_TYPES = [
  'initialized',
  'started',
  'stopping',
  'stopped',
  'phase',
  'status',
  'warning',
  'error',
  'run.changed',
  'run.log',
  'graph.changed',
  'gap',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface NewEvent {
  readonly type: EventType;
  /** Anything that JSON can hold. */
  readonly data: unknown;
  readonly runId?: string;
  /** Who alone may see it, beside this machine's own callers and `admin`; everybody without it. */
  readonly owner?: string;
}

export interface LiveEvent {
  /** Grows by one within a stream. */
  readonly id: number;
  readonly type: EventType;
  readonly runId: string | undefined;
  readonly owner: string | undefined;
  /** JSON in one line. */
  readonly data: string;
}

/** What a watcher wants and may see; an absent part lets everything through. */
export interface EventFilter {
  readonly types?: ReadonlySet<EventType>;
  readonly runId?: string;
  /** Whose events are seen, beside those that everybody sees. */
  readonly owner?: string;
}

/** A `gap` is wanted by all: it says that what they want may have been lost. */
export function isWanted(event: LiveEvent, { types, runId, owner }: EventFilter): boolean {
  if (event.type === 'gap') return true;
  if (owner !== undefined && event.owner !== undefined && event.owner !== owner) return false;
  return (types === undefined || types.has(event.type)) && (runId === undefined || event.runId === runId);
}
