import { z } from 'zod';
import { defineTool } from '../../dist/src/surface/index.js';

/** A tool whose input schema uses the keywords of JSON Schema 2020-12 that the suite wants to see again in the list. */
export const schemaTool = defineTool({
  name: 'json_schema_2020_12_tool',
  title: 'json_schema_2020_12_tool',
  description: 'Tool with JSON Schema 2020-12 features',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: z
    .object({
      name: z.string().optional(),
      address: z.unknown().meta({ $ref: '#/$defs/address' }).optional(),
      contactMethod: z.enum(['phone', 'email']).optional(),
      phone: z.string().optional(),
      email: z.string().optional(),
    })
    .meta({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
    }),
  output: z.object({}),
  run: () => Promise.resolve({}),
});
