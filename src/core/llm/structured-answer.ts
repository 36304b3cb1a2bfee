import { z } from 'zod';
import { AppError, describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ChatMessage } from './chat-message.ts';
import type { LlmBudget, Spending } from './llm-budget.ts';
import { parsedJson, schemaOf } from './loop-tool.ts';
import { callModel } from './model-call.ts';
import type { ChatModel } from './model-call.ts';
import type { AnswerForm } from './request-body.ts';
import type { StopReason } from './stop-reason.ts';

export interface StructuredQuestion<T> {
  readonly model: ChatModel;
  readonly schema: z.ZodType<T>;
  /** Of the answer; letters, digits and underscores. */
  readonly name: string;
  readonly system: string;
  readonly user: string;
  readonly budget: LlmBudget;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export type StructuredAnswer<T> =
  | { readonly stopReason: 'finished'; readonly value: T; readonly spent: Spending }
  | { readonly stopReason: Exclude<StopReason, 'finished'>; readonly problem: string; readonly spent: Spending };

const MAX_ASKED = 3;

/**
 * Asks for a value of a form and holds the answer to it: an answer that does not fit is asked for anew with what is wrong, twice at
 * most. Throws where `callModel` does.
 */
export async function askStructured<T>(question: StructuredQuestion<T>): Promise<StructuredAnswer<T>> {
  const { model, schema, user } = question;
  const form = formFor(question);
  const messages: ChatMessage[] = [
    { role: 'system', content: systemText(question) },
    { role: 'user', content: user },
  ];
  let spent: Spending = { usd: 0, tokens: 0, steps: 0 };
  let problem = '';
  for (let asked = 1; asked <= MAX_ASKED; asked += 1) {
    const call = await callModel(question, { messages, form });
    spent = {
      usd: spent.usd + call.spent.usd,
      tokens: spent.tokens + call.spent.tokens,
      steps: spent.steps + call.spent.steps,
    };
    const { end } = call;
    if (end.kind === 'stopped') return { stopReason: end.reason, problem: describeError(end.error), spent };
    if (end.isCut) return { stopReason: 'length', problem: lengthText(model), spent };
    const read = readAnswer(end.message.content, schema);
    if (read.isRead) return { stopReason: 'finished', value: read.value, spent };
    problem = read.problem;
    messages.push(end.message, { role: 'user', content: `${problem} Answer again, with the JSON alone.` });
  }
  return { stopReason: 'malformed', problem: `No answer fitted, of ${MAX_ASKED}. ${problem}`, spent };
}

type Read<T> = { readonly isRead: true; readonly value: T } | { readonly isRead: false; readonly problem: string };

function readAnswer<T>(content: string, schema: z.ZodType<T>): Read<T> {
  // JSON mode of DeepSeek is known to answer nothing now and then.
  if (content.trim() === '') return { isRead: false, problem: 'The answer was empty.' };
  const json = parsedJson(withoutFence(content));
  if (json === undefined) return { isRead: false, problem: 'The answer is no valid JSON.' };
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { isRead: true, value: parsed.data };
  return { isRead: false, problem: `The answer does not fit: ${z.prettifyError(parsed.error)}.` };
}

/** Models like to put JSON between fences of Markdown. */
function withoutFence(content: string): string {
  return /^\s*```(?:json)?\s*\n([^]*?)\n\s*```\s*$/.exec(content)?.[1] ?? content;
}

/** The word JSON has to stand there, or the mode of it is refused. */
function systemText<T>({ system, schema }: StructuredQuestion<T>): string {
  return `${system}\n\nAnswer with JSON alone, by this JSON schema:\n${JSON.stringify(schemaOf(schema))}`;
}

function formFor<T>({ model, schema, name }: StructuredQuestion<T>): AnswerForm {
  const json = schemaOf(schema);
  // A form of OpenAI is an object at its root.
  if (!model.profile.supports.jsonSchema || json['type'] !== 'object') return { kind: 'json' };
  return { kind: 'schema', name, schema: json, isStrict: isStrictable(json) };
}

/** Strict forms demand that every property is required and no others are allowed, at every depth. */
function isStrictable(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictable);
  if (typeof schema !== 'object' || schema === null) return true;
  const node = nodeSchema.safeParse(schema).data;
  if (node?.properties !== undefined) {
    const names = Object.keys(node.properties);
    if (node.additionalProperties !== false || !names.every((name) => node.required?.includes(name) === true))
      return false;
  }
  return Object.values(schema).every(isStrictable);
}

const nodeSchema = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
});

function lengthText({ profile }: ChatModel): string {
  return describeError(
    new AppError('limit_reached', `The answer of \`${profile.model}\` was cut at ${profile.maxTokens} tokens.`),
  );
}
