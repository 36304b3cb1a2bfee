import { z } from 'zod';

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
  'service.changed',
  'service.alert',
  'service.log',
  'gap',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Owner of what only this machine's own callers and `admin` may see: nobody is called so. */
export const OPERATORS = '(operators)';

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

/** An event that is handed out and forgotten: it has no id, and is told only to who asks for its type. */
export type PassingEvent = Omit<LiveEvent, 'id'>;

/** What a watcher wants and may see; an absent part lets everything through. */
export interface EventFilter {
  readonly types?: ReadonlySet<EventType>;
  readonly runId?: string;
  readonly service?: string;
  /** Whose events are seen, beside those that everybody sees. */
  readonly owner?: string;
}

/** A `gap` is wanted by all: it says that what they want may have been lost. */
export function isWanted(event: PassingEvent, { types, runId, service, owner }: EventFilter): boolean {
  if (event.type === 'gap') return true;
  if (owner !== undefined && event.owner !== undefined && event.owner !== owner) return false;
  if (types !== undefined && !types.has(event.type)) return false;
  if (runId !== undefined && event.runId !== runId) return false;
  return service === undefined || serviceOf(event) === service;
}

const serviceData = z.object({ service: z.string() });

/** The service that an event is about, which its data says. */
function serviceOf({ type, data }: PassingEvent): string | undefined {
  if (!type.startsWith('service.')) return undefined;
  return serviceData.safeParse(JSON.parse(data)).data?.service;
}
