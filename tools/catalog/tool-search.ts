import { z } from 'zod';
import { defineDirectoryTool } from '../../src/surface/index.ts';
import type { FoundTool } from '../../src/surface/index.ts';

/** So few are shown whole, without a second call for their input. */
const FEW = 2;

const foundSchema = z.object({
  name: z.string().describe('Name to call it by.'),
  toolset: z.string().describe('Toolset that it belongs to.'),
  about: z.string().describe('What it does, in one sentence; all of its description with its input.'),
  listed: z.boolean().describe('Whether the list of tools has it.'),
  effect: z.enum(['reads', 'writes', 'may destroy']).describe('What a call does.'),
  idempotent: z.boolean().describe('Whether repeating a call is harmless.'),
  openWorld: z.boolean().describe('Whether it reaches beyond this machine.'),
  input: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of its arguments.'),
});

export const toolSearch = defineDirectoryTool({
  name: 'tool_search',
  title: 'Find tools',
  description:
    'Returns tools for words of what you want to do, best first, with those that are not in your list; with their input when few match. Choose it when no listed tool fits; run what it finds with tool_call.',
  input: z.object({
    query: z.string().max(200).default('').describe('Words; none: all tools.'),
    toolset: z.string().max(64).optional().describe('Only of this toolset.'),
    limit: z.number().int().min(1).max(50).default(5).describe('At most so many.'),
    detail: z.enum(['concise', 'full']).default('concise').describe('full: with input schemas.'),
  }),
  output: z.object({
    tools: z.array(foundSchema).describe('Best match first.'),
    total: z.number().int().describe('All that match.'),
  }),
  summary({ tools, total }) {
    if (tools.length === 0) return 'no tool matches; ask with other words, or with none for all tools';
    const rest = total > tools.length ? [`${tools.length} of ${total}; more with a higher limit`] : [];
    return [...tools.map(renderFound), ...rest, 'run one: tool_call {"tool":"name","arguments":{…}}'].join('\n');
  },
  answer({ query, toolset, limit, detail }, directory) {
    const { found, total } = directory.search({ words: query, toolset, limit });
    const isFull = detail === 'full' || total <= FEW;
    return { tools: found.map((tool) => shown(tool, isFull)), total };
  },
});

function shown({ name, toolset, description, isListed, hints, inputSchema }: FoundTool, isFull: boolean) {
  const { readOnlyHint, destructiveHint, idempotentHint: idempotent, openWorldHint: openWorld } = hints;
  const effect = readOnlyHint ? ('reads' as const) : destructiveHint ? ('may destroy' as const) : ('writes' as const);
  const about = isFull ? description : description.replace(/(?<=\.)\s[^]*$/, '');
  const facts = { name, toolset, about, listed: isListed, effect, idempotent, openWorld };
  return isFull ? { ...facts, input: inputSchema } : facts;
}

function renderFound(tool: z.infer<typeof foundSchema>): string {
  const traits = [
    tool.toolset,
    tool.effect,
    ...(tool.idempotent ? ['safe to repeat'] : []),
    ...(tool.openWorld ? ['reaches beyond this machine'] : []),
    ...(tool.listed ? ['listed'] : []),
  ];
  const input = tool.input === undefined ? '' : `\n  input: ${JSON.stringify(tool.input)}`;
  return `${tool.name} (${traits.join(', ')}): ${tool.about}${input}`;
}
