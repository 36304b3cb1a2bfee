import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import type { Services } from '../../src/services.ts';
import { definePrompt, defineResource, defineTool } from '../../src/surface/index.ts';
import type { Catalog, Tool } from '../../src/surface/index.ts';

/** What the tools of the test catalog tell the test: `started` and `aborted` of a call of `slow`. */
export type CatalogEvents = EventEmitter<{ started: []; aborted: [] }>;

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Returns the text.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({
    text: z.string().min(1).describe('What to return.'),
    times: z.int().min(1).max(5).default(1).describe('How often.'),
    style: z.enum(['plain', 'loud']).default('plain').describe('How to say it.'),
  }),
  output: z.object({ said: z.string().describe('The text.') }),
  summary: ({ said }) => said,
  run: ({ text, times, style }) => {
    const said = text.repeat(times);
    return Promise.resolve({ said: style === 'loud' ? said.toUpperCase() : said });
  },
});

const refuse = defineTool({
  name: 'refuse',
  title: 'Refuse',
  description: 'Fails as expected.',
  effect: 'write',
  idempotent: false,
  openWorld: true,
  input: z.object({}),
  output: z.object({}),
  run: () =>
    Promise.reject(new AppError('conflict', 'Campaign c_41 is already running.', { hint: 'Call pause first.' })),
});

const crash = defineTool({
  name: 'crash',
  title: 'Crash',
  description: 'Fails as nobody expects.',
  effect: 'destroy',
  idempotent: false,
  openWorld: false,
  input: z.object({}),
  output: z.object({}),
  run: () => Promise.reject(new TypeError('secret detail of the implementation')),
});

const malformed = defineTool({
  name: 'malformed',
  title: 'Malformed',
  description: 'Breaks its own output schema.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({}),
  output: z.object({ count: z.int().max(0) }),
  run: () => Promise.resolve({ count: 1 }),
});

/** Reports `steps` steps, then ends, or holds until it is aborted. */
function slowTool(events: CatalogEvents): Tool {
  return defineTool({
    name: 'slow',
    title: 'Slow',
    description: 'Takes its time.',
    effect: 'read',
    idempotent: true,
    openWorld: false,
    input: z.object({ steps: z.int().min(0).max(10), isEndless: z.boolean().default(false) }),
    output: z.object({ done: z.int() }),
    async run({ steps, isEndless }, context) {
      events.emit('started');
      context.log('info', 'slow has begun');
      for (let step = 1; step <= steps; step += 1) {
        context.progress(step, steps, `step ${step}`);
        await setImmediate();
      }
      if (isEndless) await untilAborted(context.signal, events);
      return { done: steps };
    },
  });
}

async function untilAborted(signal: AbortSignal, events: CatalogEvents): Promise<never> {
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
  events.emit('aborted');
  throw signal.reason;
}

const fixed = defineResource({
  name: 'fixed',
  title: 'Fixed',
  description: 'Always the same.',
  uri: 'test://fixed',
  mimeType: 'text/plain',
  read: () => Promise.resolve({ text: 'fixed text', mimeType: 'text/plain' }),
});

const item = defineResource({
  name: 'item',
  title: 'Item',
  description: 'One of many.',
  uri: 'test://items/{id}',
  mimeType: 'application/json',
  read({ id }) {
    if (id === 'gone') return Promise.reject(new AppError('not_found', 'There is no item gone.'));
    if (id === 'broken')
      return Promise.reject(new AppError('upstream_failed', 'The items are out.', { hint: 'Wait.' }));
    return Promise.resolve({ text: JSON.stringify({ id }), mimeType: 'application/json' });
  },
});

const greet = definePrompt({
  name: 'greet',
  title: 'Greet',
  description: 'Says hello.',
  args: z.object({
    name: z.string().min(1).describe('Whom to greet.'),
    tone: z.string().optional().describe('How to sound.'),
  }),
  render: ({ name, tone }) => `Greet ${name}${tone === undefined ? '' : `, ${tone}`}.`,
});

/** A small surface that needs no services; each has its own events. */
export function createTestCatalog(): { catalog: Catalog; events: CatalogEvents } {
  const events: CatalogEvents = new EventEmitter();
  const toolset = { id: 'test', title: 'Test', description: 'For tests.', isDefault: true };
  const tools = [echo, refuse, crash, malformed, slowTool(events)];
  return { events, catalog: { toolsets: [{ toolset, tools }], resources: [fixed, item], prompts: [greet] } };
}

/** Stands where the services would: no tool of the test catalog touches them. */
export const NO_SERVICES: Services = z.custom<Services>().parse({});
