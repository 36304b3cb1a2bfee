import type { GraphView } from '../query/graph-view.ts';
import type { GraphPart } from './graph-part.ts';

const NAMESPACE = 'http://graphml.graphdrawing.org/xmlns';
const KEYS = [
  ['kind', 'node', 'string'],
  ['name', 'node', 'string'],
  ['path', 'node', 'string'],
  ['line', 'node', 'int'],
  ['exported', 'node', 'boolean'],
  ['relation', 'edge', 'string'],
  ['provenance', 'edge', 'string'],
  ['count', 'edge', 'int'],
] as const;

/** GraphML as of http://graphml.graphdrawing.org/specification.html: one directed graph with typed attributes. */
export function* graphmlExport(view: GraphView, part: GraphPart): Generator<string> {
  const { id } = view.columns.nodes;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="${NAMESPACE}">\n`;
  for (const [name, side, type] of KEYS) {
    yield `  <key id="${name}" for="${side}" attr.name="${name}" attr.type="${type}"/>\n`;
  }
  yield '  <graph id="code" edgedefault="directed">\n';
  for (const row of part.nodes) {
    const texts = [
      data('kind', view.kindOf(row)),
      data('name', view.qualifiedNameOf(row)),
      data('path', view.pathOf(row)),
    ];
    const rest = [data('line', String(view.lineOf(row))), data('exported', String(view.isExported(row)))];
    yield `    <node id="n${id[row] ?? ''}">${[...texts, ...rest].join('')}</node>\n`;
  }
  for (const { source, target, kind, provenance, count } of part.edges) {
    const about = [data('relation', kind), data('provenance', provenance), data('count', String(count))].join('');
    yield `    <edge source="n${id[source] ?? ''}" target="n${id[target] ?? ''}">${about}</edge>\n`;
  }
  yield '  </graph>\n</graphml>\n';
}

function data(key: (typeof KEYS)[number][0], text: string): string {
  return `<data key="${key}">${escapeXml(text)}</data>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 (section 2.2) allows in no form, half of a surrogate pair included, becomes U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
