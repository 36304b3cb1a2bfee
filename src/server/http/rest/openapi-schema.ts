import { z } from 'zod';
import type { Tool } from '../../../surface/index.ts';
import { NEXT_META_KEY } from '../../mcp/answer-meta.ts';
import { ATTACHMENTS_META_KEY } from './rest-call.ts';

/** A JSON Schema as a description embeds it (2020-12, the dialect of OpenAPI 3.1). */
export type Schema = Readonly<Record<string, unknown>>;

const jsonSchemaSchema = z.record(z.string(), z.unknown());

const metaSchema = z
  .object({
    [NEXT_META_KEY]: z
      .array(
        z.object({
          tool: z.string().describe('Name of the tool.'),
          arguments: z.record(z.string(), z.unknown()).describe('Its input, ready to be sent.'),
        }),
      )
      .optional()
      .describe('Calls that lead on from the answer.'),
    [ATTACHMENTS_META_KEY]: z
      .array(z.looseObject({ type: z.string().describe('Kind of content, as MCP has it.') }))
      .optional()
      .describe('What belongs to the answer beside its fields: links and media, as MCP has them.'),
  })
  .describe('About the answer.');

/** What an answer looks like. Open: a client that checks answers must not break on a field that is new to it. */
export function answerSchemaOf(schema: z.ZodType): Schema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'output',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return jsonSchemaSchema.parse(rest);
}

/** What `_meta` of an answer looks like. */
export function answerMetaSchema(): Schema {
  return answerSchemaOf(metaSchema);
}

/** The answer of a tool: its fields, and `_meta`, which stands at `metaRef`. */
export function toolAnswerSchemaOf({ name, output }: Pick<Tool, 'name' | 'output'>, metaRef: string): Schema {
  const schema = answerSchemaOf(output);
  const properties = jsonSchemaSchema.parse(schema['properties'] ?? {});
  return { ...schema, description: `The answer of ${name}.`, properties: { ...properties, _meta: { $ref: metaRef } } };
}
