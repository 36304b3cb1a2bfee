import type { RestOperation } from './rest-operation.ts';

const AGENTS = 'Agents';

/** The healing agent, as calls of its tools. */
export const AGENT_OPERATIONS: readonly RestOperation[] = [
  {
    operationId: 'startAgent',
    method: 'POST',
    path: '/api/agents/start',
    tag: AGENTS,
    summary: 'Heal a repository',
    description: 'A call of the tool `agent_heal`: the answer is its run.',
    answer: { kind: 'tool', tool: 'agent_heal' },
  },
  {
    operationId: 'getAgentStatus',
    method: 'GET',
    path: '/api/agents/status',
    tag: AGENTS,
    summary: 'Get the state of the agent',
    description: 'A call of the tool `agent_status`.',
    answer: { kind: 'tool', tool: 'agent_status' },
  },
  {
    operationId: 'listAgentTasks',
    method: 'GET',
    path: '/api/agents/tasks',
    tag: AGENTS,
    summary: 'List tasks of the agent',
    description: 'A call of the tool `agent_tasks`.',
    answer: { kind: 'tool', tool: 'agent_tasks' },
  },
  {
    operationId: 'getAgentTask',
    method: 'GET',
    path: '/api/agents/task',
    tag: AGENTS,
    summary: 'Get a task with its evidence',
    description: 'A call of the tool `agent_task`.',
    answer: { kind: 'tool', tool: 'agent_task' },
  },
  {
    operationId: 'getAgentTranscript',
    method: 'GET',
    path: '/api/agents/transcript',
    tag: AGENTS,
    summary: 'Get the conversation with a model',
    description: 'A call of the tool `agent_transcript`.',
    answer: { kind: 'tool', tool: 'agent_transcript' },
  },
  {
    operationId: 'followPullRequests',
    method: 'POST',
    path: '/api/agents/follow',
    tag: AGENTS,
    summary: 'Follow pull requests of the agent',
    description: 'A call of the tool `agent_follow`: the answer is its run.',
    answer: { kind: 'tool', tool: 'agent_follow' },
  },
];
