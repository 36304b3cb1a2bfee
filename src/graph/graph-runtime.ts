/**
 * What answers questions about code. For the files that put the system together: others know the words of
 * `index.ts`, which load none of this.
 */
export { GraphChanges } from './graph-changes.ts';
export { GraphService } from './graph-service.ts';
export { GraphStore } from './graph-store.ts';
export { GraphNotes } from './notes/graph-notes.ts';
export { NoteCounts } from './notes/note-counts.ts';
export { NoteStore } from './notes/note-store.ts';
export { IndexPool } from './engine/index-pool.ts';
export { LivePool } from './engine/live/live-pool.ts';
export { MetricPool } from './metrics/metric-pool.ts';
export { importersOfFile } from './query/file-importers.ts';
