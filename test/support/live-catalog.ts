import { TypedEvents } from '../../src/core/events.ts';
import { z } from 'zod';
import { definePrompt, defineResource, defineTool } from '../../src/surface/index.ts';
import type { Catalog } from '../../src/surface/index.ts';

/** A surface whose resources change when the test says so. */
export interface LiveCatalog {
  readonly catalog: Catalog;
  /** Says that the ticker of this id has changed. */
  change(id: string): void;
  /** Ids of tickers that are watched, in order. */
  watched(): string[];
  /** Resolves once those, and no others, are watched. */
  untilWatched(ids: readonly string[]): Promise<void>;
}

const NAMES = Array.from({ length: 250 }, (_, at) => `name-${String(at).padStart(3, '0')}`);
const ROWS = Array.from({ length: 23 }, (_, at) => `row-${at}`);

const greet = definePrompt({
  name: 'greet',
  title: 'Greet',
  description: 'Says hello.',
  args: z.object({ name: z.string().describe('Whom.'), tone: z.string().optional().describe('How.') }),
  complete: {
    name: (text, { known }) =>
      Promise.resolve(NAMES.filter((name) => name.startsWith(text)).map((name) => `${known['tone'] ?? ''}${name}`)),
  },
  render: ({ name }) => `Greet ${name}.`,
});

/** Rows by page, with a cursor that anybody could make up. */
const pages = defineTool({
  name: 'pages',
  title: 'Pages',
  description: 'Returns rows.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z.object({ limit: z.int().min(1).max(10), cursor: z.string().max(100).optional() }),
  output: z.object({ rows: z.array(z.string()), nextCursor: z.string().optional() }),
  summary: ({ rows, nextCursor }) =>
    [...rows, ...(nextCursor === undefined ? [] : [`cursor=${nextCursor}`])].join('\n'),
  run({ limit, cursor = '0' }) {
    const start = Number(cursor);
    const end = start + limit;
    return Promise.resolve({
      rows: ROWS.slice(start, end),
      ...(end < ROWS.length && { nextCursor: String(end) }),
    });
  },
});

const otherPages = { ...pages, name: 'other_pages' };

export function createLiveCatalog(): LiveCatalog {
  const events = new TypedEvents<{ changed: [string]; watched: [] }>();
  const watched = new Set<string>();
  const ticker = defineResource({
    name: 'ticker',
    title: 'Ticker',
    description: 'Changes.',
    uri: 'test://ticker/{id}',
    mimeType: 'text/plain',
    read: ({ id = '' }) => Promise.resolve({ mimeType: 'text/plain', text: id }),
    complete: {
      id: (text) => Promise.resolve({ values: NAMES.filter((name) => name.startsWith(text)).slice(0, 5), total: 7 }),
    },
    watch({ id = '' }, _services, changed) {
      watched.add(id);
      events.emit('watched');
      const stop = events.on('changed', (changedId) => {
        if (changedId === id) changed();
      });
      return Promise.resolve(() => {
        watched.delete(id);
        events.emit('watched');
        stop();
      });
    },
  });
  const toolset = { id: 'live', title: 'Live', description: 'For tests.', isDefault: true };
  return {
    catalog: { toolsets: [{ toolset, tools: [pages, otherPages] }], resources: [ticker], prompts: [greet] },
    change: (id) => events.emit('changed', id),
    watched: () => [...watched].toSorted(),
    async untilWatched(ids) {
      while ([...watched].toSorted().join() !== ids.join()) {
        await new Promise<void>((resolve) => events.once('watched', resolve));
      }
    },
  };
}
