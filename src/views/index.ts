/**
 * Pages that hosts show beside the answers of tools (MCP Apps). Owns their HTML, script and style.
 * Invariants: a page loads nothing from anywhere and shows data as text alone.
 */
export { GRAPH_PAGE, RUN_PAGE, VIEW_META, VIEW_MIME_TYPE } from './view-page.ts';
