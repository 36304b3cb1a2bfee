import { expect, test } from 'vitest';
import { z } from 'zod';
import { inputSchemaOf, outputSchemaOf } from '../../../src/server/mcp/tool-schema.ts';

test('an input schema is closed and carries no noise', () => {
  const schema = z.object({
    id: z.uuid().describe('Which one.'),
    since: z.iso.datetime().optional(),
    count: z.int().default(3),
    name: z.string().regex(/^[a-z]+$/),
    pattern: z.string().optional(),
  });
  expect(inputSchemaOf(schema)).toEqual({
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid', description: 'Which one.' },
      since: { type: 'string', format: 'date-time' },
      count: { type: 'integer', default: 3 },
      name: { type: 'string', pattern: '^[a-z]+$' },
      pattern: { type: 'string' },
    },
    required: ['id', 'name'],
    additionalProperties: false,
  });
});

test('what is open to anything says so in the way that every host understands', () => {
  const schema = z.object({ content: z.record(z.string(), z.unknown()), rest: z.looseObject({}) });
  expect(inputSchemaOf(schema).properties).toMatchObject({
    content: { type: 'object', additionalProperties: true },
    rest: { type: 'object', additionalProperties: true },
  });
});

test('a tool without fields has a closed empty schema', () => {
  expect(inputSchemaOf(z.object({}))).toEqual({ type: 'object', properties: {}, additionalProperties: false });
});

test('an output schema is open and tells the fields, not what lies in them', () => {
  const schema = z.object({
    rows: z.array(z.object({ at: z.int().min(0) })).describe('Rows.'),
    first: z.object({ at: z.int() }).optional(),
    state: z.enum(['one', 'other']),
    total: z.int().default(0),
  });
  expect(outputSchemaOf(schema)).toEqual({
    type: 'object',
    properties: {
      rows: { type: 'array' },
      first: { type: 'object' },
      state: { type: 'string', enum: ['one', 'other'] },
      total: { type: 'integer', default: 0 },
    },
    required: ['rows', 'state', 'total'],
  });
});
