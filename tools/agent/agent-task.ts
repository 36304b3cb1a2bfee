import { agentTaskAnswerSchema, agentTaskInputSchema, renderAgentTask } from '../../src/agent/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentTask = defineTool({
  name: 'agent_task',
  title: 'Task with its evidence',
  description:
    'Returns one task of the healing agent with its attempts: each patch, what the checks said before and after, what they would have noticed, and its pull requests. Choose agent_tasks for the list.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'code of the workspace and output of programs',
  input: agentTaskInputSchema,
  output: agentTaskAnswerSchema,
  summary: renderAgentTask,
  run: ({ taskId }, { services }) => services.agent.getTask(taskId),
});
