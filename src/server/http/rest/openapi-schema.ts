import { z } from 'zod';
import { ATTACHMENTS_META_KEY } from './rest-call.ts';
import { NEXT_META_KEY } from '../../mcp/answer-meta.ts';

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

/** The answer of a tool: its fields, and `_meta` with what it suggests to call next. */
export function toolAnswerSchemaOf(output: z.ZodObject): Schema {
  const schema = answerSchemaOf(output);
  const properties = jsonSchemaSchema.parse(schema['properties'] ?? {});
  return { ...schema, properties: { ...properties, _meta: answerSchemaOf(metaSchema.optional()) } };
}
