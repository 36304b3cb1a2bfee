import { agentNextAnswerSchema, agentNextInputSchema, renderAgentNext } from '../../src/agent/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentNext = defineTool({
  name: 'agent_next',
  title: 'Next task for your own model',
  description:
    'Returns a compact work packet of the most urgent task: what is wrong, the code around it, fixes that were considered, and the form of an answer. Mend it yourself, then call agent_submit_patch, which verifies. Choose agent_heal to have it mended by fixers or a configured model.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace',
  input: agentNextInputSchema,
  output: agentNextAnswerSchema,
  summary: renderAgentNext,
  run: (input, { services, signal }) => services.agent.next(input, signal),
});
