import { describe, expect, test } from 'vitest';
import { aliasViolations, exportNameOf, fileNameOf, listViolations, toolViolations } from './registry-rules.ts';
import type { ShownTool } from './registry-rules.ts';

const field = { type: 'string', description: 'What it is.' };
const good: ShownTool = {
  name: 'graph_find_symbol',
  title: 'Find a symbol',
  description: 'Returns a symbol.',
  inputSchema: { type: 'object', properties: { name: field } },
  outputSchema: { type: 'object', properties: { found: field } },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

const DESTROYS = { ...good.annotations, readOnlyHint: false, destructiveHint: true };

describe('rules for one tool', () => {
  test('a good tool passes', () => {
    expect(toolViolations(good)).toEqual([]);
  });

  test.each<[Partial<ShownTool>, string]>([
    [{ name: 'graph.find' }, 'characters that hosts refuse'],
    [{ name: 'x'.repeat(65) }, 'longer than 64'],
    [{ name: 'x'.repeat(41) }, 'has 41 characters, at most 40'],
    [{ inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } }, 'names a dialect'],
    [{ title: '' }, 'no title'],
    [{ description: undefined }, 'no description'],
    [{ description: 'x'.repeat(601) }, 'has 601 characters, at most 600'],
    [
      { annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false } },
      'destructiveHint is not said',
    ],
    [{ annotations: { ...good.annotations, destructiveHint: true } }, 'cannot both only read and destroy'],
    [{ inputSchema: { type: 'object', properties: { name: { type: 'string' } } } }, 'input.name is not described'],
    [{ inputSchema: { type: 'object', anyOf: [{ type: 'object' }] } }, 'input schema has a union at the root'],
    [{ inputSchema: { anyOf: [] } }, 'input schema is no plain object'],
    [{ outputSchema: undefined }, 'output schema is no plain object'],
    [
      { inputSchema: { type: 'object', properties: { name: { ...field, type: ['string', 'null'] } } } },
      'input.name may be null',
    ],
    [
      { inputSchema: { type: 'object', properties: { name: { description: 'x', anyOf: [field, { type: 'null' }] } } } },
      'input.name may be null',
    ],
    [
      {
        inputSchema: {
          type: 'object',
          properties: {
            rows: {
              type: 'array',
              description: 'x',
              items: { type: 'object', properties: { id: { type: 'string' } } },
            },
          },
        },
      },
      'input.rows.id is not described',
    ],
    [{ annotations: DESTROYS }, 'it destroys, and takes no planId'],
    [{ annotations: DESTROYS }, 'it destroys, and answers no plan'],
  ])('%j is refused: %s', (change, expected) => {
    expect(toolViolations({ ...good, ...change }).join()).toContain(expected);
  });
});

test('a former name leads to one tool', () => {
  expect(
    aliasViolations([
      { name: 'a', aliases: ['old_a'] },
      { name: 'b', aliases: [] },
    ]),
  ).toEqual([]);
  expect(
    aliasViolations([
      { name: 'a', aliases: ['b', 'a.b'] },
      { name: 'b', aliases: [] },
    ]),
  ).toEqual([
    'a: its former name "b" is of another tool, too',
    'a: its former name "a.b" has characters that hosts refuse',
  ]);
});

describe('a folder and its list', () => {
  test('spellings derive from the name', () => {
    expect(fileNameOf('graph_find_symbol')).toBe('graph-find-symbol');
    expect(exportNameOf('graph_find_symbol')).toBe('graphFindSymbol');
  });

  test('a file, a test or a list line that stands alone is named', () => {
    expect(listViolations({ files: ['a-b'], tests: ['a-b'], declared: ['a_b'] })).toEqual([]);
    expect(listViolations({ files: ['a-b'], tests: [], declared: [] })).toEqual([
      'a-b.ts declares nothing of this name in the list',
    ]);
    expect(listViolations({ files: [], tests: ['a-b'], declared: ['a_b'] })).toEqual([
      'a-b.ts does not exist, though the list has its name',
    ]);
    expect(listViolations({ files: ['a-b'], tests: ['c'], declared: ['a_b'] })).toEqual([
      'a-b.test.ts does not exist',
      'c.test.ts tests nothing that is in the list',
    ]);
    expect(listViolations({ files: ['a'], tests: ['a'], declared: ['a', 'a'] })).toEqual(['a is declared twice']);
  });
});
