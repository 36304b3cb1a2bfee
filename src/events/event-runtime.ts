/**
 * What stores and hands out live events. For the files that put the system together: others know the words of `index.ts`.
 */
export { EventOutbox } from './event-outbox.ts';
export { EventOutboxStore } from './event-outbox-store.ts';
