/**
 * Live events: what happens in the system, for whoever watches. Owns the tables `event_stream` and `live_event`, the outbox
 * from which a watcher that was away goes on.
 * Invariants: an event is stored before anybody hears of it; the ids of a stream grow by one; rows and their age are
 * bounded; what was forgotten or lost is said as `gap`; a watcher that fails disturbs no other.
 */
export type { EventOutbox, EventsAfter } from './event-outbox.ts';
export { EVENT_TYPES, isWanted, OPERATORS } from './live-event.ts';
export type { EventFilter, EventType, LiveEvent, NewEvent, PassingEvent } from './live-event.ts';
