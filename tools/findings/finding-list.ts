import { findingListAnswerSchema, findingListInputSchema, renderFindings } from '../../src/findings/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const findingList = defineTool({
  name: 'finding_list',
  title: 'List findings',
  description:
    'Returns stored findings of a workspace, gravest or newest first, by state, severity, category, source, rule or path. Choose it after finding_collect; choose graph_report for one report as the index is now.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'findings in code',
  input: findingListInputSchema,
  output: findingListAnswerSchema,
  summary: renderFindings,
  run: (input, { services }) => services.findings.list(input),
});
