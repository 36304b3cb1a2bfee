import { z } from 'zod';
import { AppError, describeError } from '../errors.ts';
import type { ToolCall, ToolWords } from './chat-message.ts';

/** What a tool answers: a text, or one with which the work is done. */
export type LoopToolAnswer = string | { readonly text: string; readonly isFinal: boolean };

/** A tool that a model may call in a loop. */
export interface LoopTool<T = unknown> {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.ZodType<T>;
  /** An AppError that it throws is told to the model; so is, without its detail, any other. */
  run(args: T, signal: AbortSignal): Promise<LoopToolAnswer>;
  /** The same call may rightly give the same answer again and again, as a test run does. */
  readonly mayRepeat?: boolean | undefined;
}

/** Holds the arguments of `run` to the type of `parameters`, and lets tools of many types stand in one list. */
export function loopTool<T>(tool: LoopTool<T>): LoopTool {
  return tool;
}

/** How a call of a tool went. `malformed`: it never ran. */
export interface ToolEnd {
  readonly kind: 'answered' | 'failed' | 'malformed' | 'final';
  readonly text: string;
}

export function toolWords({ name, description, parameters }: LoopTool): ToolWords {
  return { name, description, parameters: schemaOf(parameters) };
}

/** JSON schema of what is sent in: `$schema` says nothing to a model. */
export function schemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

/** Runs a call as the model wrote it. Throws for nothing but an aborted signal: all else is for the model to read. */
export async function runToolCall(
  call: ToolCall,
  { tools, signal }: { readonly tools: readonly LoopTool[]; readonly signal: AbortSignal },
): Promise<ToolEnd> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const names = tools.map(({ name }) => name).join(', ');
    return malformed(`There is no tool \`${call.name.slice(0, 100)}\`. Tools: ${names}.`);
  }
  const json = parsedJson(call.arguments);
  if (json === undefined)
    return malformed(`The arguments of \`${tool.name}\` are no valid JSON. Call it again with a JSON object.`);
  const args = tool.parameters.safeParse(json.value);
  if (!args.success) return malformed(`The arguments of \`${tool.name}\` do not fit: ${z.prettifyError(args.error)}`);
  try {
    const answer = await tool.run(args.data, signal);
    if (typeof answer === 'string') return { kind: 'answered', text: answer };
    return { kind: answer.isFinal ? 'final' : 'answered', text: answer.text };
  } catch (error) {
    signal.throwIfAborted();
    const text = error instanceof AppError ? describeError(error) : 'It failed for a reason that is not known.';
    return { kind: 'failed', text: `Error: ${text}` };
  }
}

/** An empty text is how models call tools that take nothing. */
export function parsedJson(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function malformed(text: string): ToolEnd {
  return { kind: 'malformed', text: `Error: ${text}` };
}
