import { renderTranscript, transcriptAnswerSchema, transcriptInputSchema } from '../../src/agent/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const agentTranscript = defineTool({
  name: 'agent_transcript',
  title: 'Conversation with a model',
  description:
    'Returns what the healing agent and its model said to each other in an attempt: the question, what the model thought, each call of a tool with its answer; without secrets. Choose agent_task for the patch and what the checks said.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'words of a model and code of the workspace',
  input: transcriptInputSchema,
  output: transcriptAnswerSchema,
  summary: renderTranscript,
  run: (input, { services }) => services.agent.transcript(input),
});
