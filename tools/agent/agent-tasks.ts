import { agentTasksAnswerSchema, agentTasksInputSchema, renderAgentTasks } from '../../src/agent/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentTasks = defineTool({
  name: 'agent_tasks',
  title: 'List tasks of the agent',
  description:
    'Returns the tasks of the healing agent in a workspace, most urgent first, each with its state and why. Choose agent_task for one with its attempts and evidence; choose finding_list for findings that are no tasks yet.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'findings in code',
  input: agentTasksInputSchema,
  output: agentTasksAnswerSchema,
  summary: renderAgentTasks,
  run: (input, { services }) => services.agent.listTasks(input),
});
