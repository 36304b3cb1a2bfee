import { createHash } from 'node:crypto';
import { applyContext, connectHost, hostAnswers, messagesTo, tellSize } from './host-link.ts';
import { askedText, captionOf, neighbourhood, nodeShape, showNeighbourhood, sideOf, sideShapes } from './graph-page.ts';
import { pageKit, valueAt } from './page-kit.ts';
import { PAGE_STYLE } from './page-style.ts';
import {
  errorParts,
  foldedJson,
  isOver,
  isRun,
  logParts,
  progressParts,
  runParts,
  showRun,
  timesOf,
} from './run-page.ts';

/** MIME type of pages that hosts show beside an answer (MCP Apps, SEP-1865). */
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

/** Of a page that needs nothing from anywhere: no origin is allowed for anything. */
export const VIEW_META = {
  ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] }, prefersBorder: true },
};

const SHARED = [valueAt, pageKit, messagesTo, hostAnswers, applyContext, tellSize, connectHost];

export const RUN_PAGE = pageOf({
  title: 'Run',
  parts: [isRun, isOver, runParts, progressParts, errorParts, logParts, foldedJson, timesOf],
  start: showRun,
});

export const GRAPH_PAGE = pageOf({
  title: 'Neighbourhood',
  parts: [askedText, sideOf, neighbourhood, captionOf, sideShapes, nodeShape],
  start: showNeighbourhood,
});

interface PageDefinition {
  readonly title: string;
  readonly parts: readonly Function[];
  readonly start: Function;
}

/** A page in one file. Its policy allows exactly this script and this style, whatever the host allows beside them. */
function pageOf({ title, parts, start }: PageDefinition): string {
  const functions = [...SHARED, ...parts, start].map((one) => one.toString());
  const script = `${functions.join('\n')}\n${start.name}(window, pageKit(window), connectHost);`;
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(PAGE_STYLE)}'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    `<body><script>${script}</script></body>`,
    '</html>',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
