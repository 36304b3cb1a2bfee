import { EventEmitter } from 'node:events';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { askForm, defineTool } from '../../src/surface/index.ts';
import type { Catalog, Tool } from '../../src/surface/index.ts';
import { toolCall } from '../../tools/catalog/tool-call.ts';
import { toolSearch } from '../../tools/catalog/tool-search.ts';
import { catalogToolset } from '../../tools/catalog/toolset.ts';

const nothing = z.object({});
const handle = z.object({ runId: z.string().describe('Handle of the run.') });
const output = z.object({ said: z.string() });

function toolNamed(name: string, more: Partial<Tool> & { aliases?: readonly string[] } = {}): Tool {
  const tool = defineTool({
    name,
    title: name,
    description: `Does ${name}. Choose it to ${name}.`,
    effect: 'read',
    idempotent: true,
    openWorld: false,
    input: nothing,
    output,
    summary: ({ said }) => said,
    run: () => Promise.resolve({ said: `${name} done` }),
  });
  return { ...tool, ...more };
}

const RUN = {
  runId: 'r1',
  kind: 'drill',
  title: 'A run',
  status: 'running',
  priority: 5,
  input: {},
  questions: { approval: { message: 'May it go on?' } },
  attempt: 1,
  progress: { done: 0, total: 0, unit: '', message: '' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

/** Answers with everything that an answer can have. */
const picture = defineTool({
  name: 'picture',
  title: 'Picture',
  description: 'Returns a picture.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({ size: z.int().min(1).max(9).describe('How large.') }),
  output,
  summary: ({ said }) => said,
  attachments: () => [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }],
  next: () => [{ tool: 'look', arguments: {} }],
  run: ({ size }) => Promise.resolve({ said: `picture of ${size}` }),
});

const refuse = defineTool({
  name: 'refuse',
  title: 'Refuse',
  description: 'Fails as expected.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: nothing,
  output,
  run: () => Promise.reject(new AppError('conflict', 'It is taken.', { hint: 'Wait.' })),
});

const ask = defineTool({
  name: 'ask',
  title: 'Ask',
  description: 'Asks the person.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: nothing,
  output,
  summary: ({ said }) => said,
  async run(_input, context) {
    const fields = z.object({ seats: z.int().describe('How many.') });
    const answer = await askForm(context, { key: 'seats', message: 'How many seats?', fields });
    return { said: answer.action === 'accept' ? `${answer.content.seats} seats` : answer.action };
  },
});

export type PolicyEvents = EventEmitter<{ called: [string]; aborted: [] }>;

/** Toolsets of every kind for tests of the policy; every call of a tool that changes something is told to `events`. */
export function createPolicyCatalog(): { catalog: Catalog; events: PolicyEvents } {
  const events: PolicyEvents = new EventEmitter();
  const told = (tool: Tool): Tool => ({
    ...tool,
    call(input, context) {
      events.emit('called', tool.name);
      return tool.call(input, context);
    },
  });
  const stuck = toolNamed('stuck', {
    async call(_input, { signal }) {
      events.emit('called', 'stuck');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      events.emit('aborted');
      throw signal.reason;
    },
  });
  const launch = toolNamed('launch', {
    effect: 'write',
    idempotent: false,
    task: 'optional',
    output: z.object({ run: z.looseObject({}) }),
    call: () => Promise.resolve({ text: 'launched', structured: { run: RUN } }),
  });
  const toolset = (id: string, isDefault: boolean) => ({ id, title: id, description: `${id}.`, isDefault });
  const toolsets: Catalog['toolsets'] = [
    { toolset: toolset('reading', true), tools: [toolNamed('look', { aliases: ['peek'] }), picture, refuse, ask] },
    {
      toolset: toolset('writing', true),
      tools: [
        told(toolNamed('store', { effect: 'write', aliases: ['save'] })),
        told(toolNamed('wipe', { effect: 'destroy', idempotent: false })),
      ],
    },
    { toolset: catalogToolset, tools: [toolSearch, toolCall] },
    {
      toolset: toolset('extra', false),
      tools: [toolNamed('hidden_look'), told(toolNamed('hidden_store', { effect: 'write' })), stuck, launch],
    },
    {
      toolset: toolset('runs', false),
      tools: [
        toolNamed('run_get', { input: handle, call: () => Promise.resolve({ text: 'run', structured: { run: RUN } }) }),
        told(toolNamed('run_control', { effect: 'destroy' })),
        told(toolNamed('run_answer', { effect: 'write' })),
      ],
    },
  ];
  return { catalog: { toolsets, resources: [], prompts: [] }, events };
}
