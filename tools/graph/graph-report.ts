import { renderReport, reportAnswerSchema, reportInputSchema } from '../../src/graph/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const graphReport = defineTool({
  name: 'graph_report',
  title: 'Report on the code',
  description:
    'Returns findings on the whole workspace with reasons: import cycles, dead code, unused exports, imports that break layering rules, or the most used symbols (hubs). Choose it to clean up or review; choose graph_trace for one symbol. `?` marks what may be used unseen.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: reportInputSchema,
  output: reportAnswerSchema,
  summary: renderReport,
  run: (input, { services }) => services.graph.report(input),
});
