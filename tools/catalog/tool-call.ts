import { z } from 'zod';
import { defineStandInTool } from '../../src/surface/index.ts';

export const toolCall = defineStandInTool({
  name: 'tool_call',
  title: 'Call a tool',
  description:
    'Runs any tool by name and returns what that tool answers. Choose it for tools that tool_search found; call those in your list directly.',
  input: z.object({
    tool: z.string().min(1).max(64).describe('Its name.'),
    arguments: z.record(z.string(), z.unknown()).default({}).describe('As its input schema has them.'),
  }),
  callOf: ({ tool, arguments: args }) => ({ tool, arguments: args }),
});
