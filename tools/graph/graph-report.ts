import { renderReport, reportAnswerSchema, reportInputSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphReport = defineTool({
  name: 'graph_report',
  title: 'Report on the code',
  description:
    'Returns findings on the workspace: import cycles, dead code, unused exports, broken layers, hubs, missing comments, complex functions, clones, hotspots, files that change together, dependencies. `?`: uncertain. Choose graph_trace for one symbol.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: reportInputSchema,
  output: reportAnswerSchema,
  summary: renderReport,
  run: (input, { services }) => services.graph.report(input),
});
