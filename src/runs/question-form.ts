import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { secretFieldOf } from '../core/secret-name.ts';
import { storableText } from './stored-text.ts';

/** What a run asks a person for: flat fields of text, numbers, flags and choices. Never for secrets. */
export interface QuestionForm<F extends z.ZodObject = z.ZodObject> {
  readonly message: string;
  readonly fields: F;
}

/** Several at once, by names of letters, digits and `_`. */
export type QuestionForms = Readonly<Record<string, QuestionForm>>;

export type FieldAnswer<F extends z.ZodObject> =
  | { readonly action: 'accept'; readonly content: z.output<F> }
  | { readonly action: 'decline' | 'cancel' };

export type FieldAnswers<Q extends QuestionForms> = { readonly [K in keyof Q]: FieldAnswer<Q[K]['fields']> };

/** What is entered where a run asks for approval. */
export const approvalFields = z.object({
  approve: z.boolean().describe('Whether the run may go on.'),
  reason: z.string().max(500).optional().describe('Why; kept with the run.'),
});

/** As it comes from outside, and as it is stored. */
export const rawAnswerSchema = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).optional(),
});
export type RawAnswer = z.infer<typeof rawAnswerSchema>;

const MAX_QUESTIONS = 20;
const MAX_SCHEMA_CHARACTERS = 20_000;
const MAX_MISFIT_CHARACTERS = 500;
const NAME = /^\w{1,40}$/;

/** Throws `invalid_input` and `unsupported` for what clients could not show. */
export function checkForms(questions: QuestionForms): void {
  const names = Object.keys(questions);
  if (names.length > MAX_QUESTIONS) {
    throw new AppError(
      'invalid_input',
      `${names.length} questions at once are too many; at most ${MAX_QUESTIONS} fit.`,
    );
  }
  const odd = names.find((name) => !NAME.test(name));
  if (odd !== undefined) {
    throw new AppError('invalid_input', `\`${odd}\` is no name of a question.`, {
      hint: 'Use 1 to 40 letters, digits and underscores.',
    });
  }
}

/** The JSON Schema of the fields. Throws `unsupported` for a field that no form can show. */
export function schemaOf(name: string, fields: z.ZodObject): Record<string, unknown> {
  const { $schema: _dialect, additionalProperties: _closed, ...schema } = jsonSchemaOf(name, fields);
  const deep = Object.entries(schema.properties ?? {}).find(([, property]) => !flatSchema.safeParse(property).success);
  if (deep !== undefined) {
    throw unshowable(name, `its field \`${deep[0]}\` is no text, number, flag or choice`);
  }
  const secret = secretFieldOf(schema.properties);
  if (secret !== undefined) throw unshowable(name, `its field \`${secret}\` seems to ask for a secret`);
  const { length } = JSON.stringify(schema);
  if (length > MAX_SCHEMA_CHARACTERS) {
    throw unshowable(name, `its schema has ${length} characters; at most ${MAX_SCHEMA_CHARACTERS} fit`);
  }
  return schema;
}

const flatSchema = z.union([
  z.looseObject({ type: z.enum(['string', 'number', 'integer', 'boolean']) }),
  z.looseObject({ type: z.literal('array'), items: z.looseObject({ type: z.literal('string') }) }),
]);

function jsonSchemaOf(name: string, fields: z.ZodObject): z.core.JSONSchema.BaseSchema {
  try {
    return z.toJSONSchema(fields, { io: 'input' });
  } catch (error) {
    throw unshowable(name, 'its fields have no JSON Schema', error);
  }
}

function unshowable(name: string, why: string, cause?: unknown): AppError {
  return new AppError('unsupported', `Question \`${name}\` can't be shown as a form: ${why}.`, { cause });
}

/** What a stored answer says to the code that asked, or why it does not fit. */
export function readAnswer(
  fields: z.ZodObject,
  stored: unknown,
): { readonly answer: FieldAnswer<z.ZodObject> } | { readonly misfit: string } {
  const { action, content = {} } = rawAnswerSchema.parse(stored);
  if (action !== 'accept') return { answer: { action } };
  const entered = fields.safeParse(content);
  return entered.success ? { answer: { action, content: entered.data } } : { misfit: misfitOf(entered.error) };
}

/** `"age": Too small: expected number to be >=1` */
export function misfitOf({ issues }: z.ZodError): string {
  const reasons = issues.map(({ path, message }) => (path.length === 0 ? message : `"${path.join('.')}": ${message}`));
  return storableText(reasons.join('; '), MAX_MISFIT_CHARACTERS);
}
