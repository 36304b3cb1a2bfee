import { basename } from 'node:path';
import {
  exportAnswerSchema,
  exportInputSchema,
  MAX_READ_BYTES,
  mediaTypeOf,
  renderExport,
} from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphExport = defineTool({
  name: 'graph_export',
  title: 'Export the graph',
  description:
    'Returns the code graph, or a part of it, as JSON, GraphML, Mermaid, DOT or SCIP: in the answer when it is small, else in a file whose path it tells. Choose it to draw or to feed other programs; choose graph_search and graph_trace for questions.',
  effect: 'write',
  idempotent: true,
  openWorld: false,
  input: exportInputSchema,
  output: exportAnswerSchema,
  summary: renderExport,
  attachments({ file, format, bytes }) {
    if (file === undefined || bytes > MAX_READ_BYTES) return [];
    const name = basename(file);
    return [
      {
        type: 'resource_link',
        uri: `export://${name}`,
        name,
        title: `Graph as ${format}`,
        mimeType: mediaTypeOf(name),
        size: bytes,
      },
    ];
  },
  run: (input, { services, signal }) => services.changes.export(input, signal),
});
