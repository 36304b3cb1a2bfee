import { agentStatusAnswerSchema, agentWorkspaceInputSchema, renderAgentStatus } from '../../src/agent/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentStatus = defineTool({
  name: 'agent_status',
  title: 'State of the agent',
  description:
    'Returns how the healing agent is set up, what it has done in a workspace, and what it has learned: chances and choices of fixes beside their baselines. Choose agent_tasks for the single tasks.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'names of rules and models',
  input: agentWorkspaceInputSchema,
  output: agentStatusAnswerSchema,
  summary: renderAgentStatus,
  run: ({ workspace }, { services, signal }) => services.agent.status(workspace, signal),
});
