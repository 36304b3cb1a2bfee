import { recommendAnswerSchema, recommendInputSchema, renderRecommendations } from '../../src/findings/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const findingRecommend = defineTool({
  name: 'finding_recommend',
  title: 'Recommend what to do first',
  description:
    'Returns what to do first in a workspace, from its open findings alone: for each rule what, why with the figures behind it, where, the effect, the effort by a stated rule, and a score with its formula. Choose it to plan; choose finding_list for the single findings.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'findings in code',
  input: recommendInputSchema,
  output: recommendAnswerSchema,
  summary: renderRecommendations,
  run: (input, { services }) => services.findings.recommend(input),
});
