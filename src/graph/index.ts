/**
 * The code graph: what the files, symbols and relations of a workspace are, and what follows from them. Owns the
 * tables `workspace`, `graph_generation`, `graph_file`, `graph_node`, `graph_edge` and `graph_note`. Invariants: a generation is
 * published whole or not at all, and never changes; questions are answered from memory; an answer says what the graph
 * does not know; an unknown name is never answered for another.
 */
export { renderSearch, renderSymbol, renderTrace } from './answer-text.ts';
export { contextAnswerSchema, contextInputSchema } from './context-schema.ts';
export type { ContextAnswer, ContextInput } from './context-schema.ts';
export { renderContext } from './context-text.ts';
export { diffAnswerSchema, diffInputSchema } from './diff-schema.ts';
export type { DiffAnswer, DiffInput } from './diff-schema.ts';
export { renderDiff } from './diff-text.ts';
export { MAX_READ_BYTES, mediaTypeOf } from './export/export-reading.ts';
export { exportAnswerSchema, exportInputSchema } from './export-schema.ts';
export type { ExportAnswer, ExportInput } from './export-schema.ts';
export { renderExport } from './export-text.ts';
export {
  graphSummarySchema,
  searchAnswerSchema,
  searchInputSchema,
  symbolAnswerSchema,
  symbolInputSchema,
  traceInputSchema,
  traceListingSchema,
} from './graph-answers.ts';
export type {
  GraphHit,
  GraphSummary,
  SearchAnswer,
  SearchInput,
  SymbolAnswer,
  SymbolInput,
  TraceAnswer,
  TraceDirection,
  TraceInput,
} from './graph-answers.ts';
export { ENGINE_CHOICES } from './graph-schema.ts';
export type { Coverage, NodeKind } from './graph-schema.ts';
export type { GraphChanges } from './graph-changes.ts';
export type { GraphChangesDeps } from './graph-changes.ts';
export { proposeFiles, proposeSymbols } from './graph-proposals.ts';
export type { GraphService } from './graph-service.ts';
export type { GraphServiceDeps } from './graph-service.ts';
export type { GraphStore } from './graph-store.ts';
export { watchGraph } from './graph-watch.ts';
export type { GraphNotes } from './notes/graph-notes.ts';
export type { GraphNotesDeps } from './notes/graph-notes.ts';
export {
  noteCreateAnswerSchema,
  noteCreateInputSchema,
  noteQueryAnswerSchema,
  noteQueryInputSchema,
  storedNoteSchema,
} from './notes/note-schema.ts';
export type { NoteCreateInput, NoteQueryInput } from './notes/note-schema.ts';
export type { NoteCounts } from './notes/note-counts.ts';
export type { NoteStore } from './notes/note-store.ts';
export { noteDeletion, renderNoteCreated, renderNoteDeleted, renderNotes } from './notes/note-text.ts';
export { isTooDeep } from './engine/syntax/nesting-depth.ts';
export { createPathFilter } from './query/path-filter.ts';
export { renameAnswerSchema, renameInputSchema } from './rename-schema.ts';
export type { RenameAnswer, RenameInput } from './rename-schema.ts';
export { renderRename } from './rename-text.ts';
export { reportAnswerSchema, reportInputSchema } from './report-schema.ts';
export type { ReportAnswer, ReportInput } from './report-schema.ts';
export { renderReport } from './report-text.ts';
export { listingOf } from './trace-listing.ts';
export type { IndexPool } from './engine/index-pool.ts';
export type { LivePool } from './engine/live/live-pool.ts';
export type { MetricPool } from './metrics/metric-pool.ts';
