import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { answerOf } from './define-tool.ts';
import type { Tool, ToolAboutTools, ToolDefinition } from './define-tool.ts';
import type { ToolCall, ToolDirectory } from './tool-directory.ts';

type Named = Pick<ToolDefinition, 'name' | 'title' | 'description'>;

interface DirectoryToolDefinition<I extends z.ZodObject, O extends z.ZodObject>
  extends Named, Pick<ToolDefinition<I, O>, 'input' | 'output' | 'summary' | 'next'> {
  /** Answers from the tools that the caller may call. */
  answer(input: z.output<I>, tools: ToolDirectory): z.output<O>;
}

/** Declares a tool that tells about tools. It is told which of them its caller may call. */
export function defineDirectoryTool<I extends z.ZodObject, O extends z.ZodObject>(
  definition: DirectoryToolDefinition<I, O>,
): Tool {
  const aboutTools: ToolAboutTools = {
    kind: 'answers',
    answer: (input, tools) => answerOf(definition, definition.answer(definition.input.parse(input), tools)),
  };
  return { ...toolOf(definition, aboutTools), output: definition.output, effect: 'read', idempotent: true };
}

interface StandInToolDefinition<I extends z.ZodObject> extends Named {
  readonly input: I;
  /** The call that a call of this tool is. */
  callOf(input: z.output<I>): ToolCall;
}

/**
 * Declares a tool whose calls are calls of other tools. Its answer is theirs, so its own shape is open; its hints are the
 * strongest of what it can reach, which depends on the policy: what is said here is the worst.
 */
export function defineStandInTool<I extends z.ZodObject>(definition: StandInToolDefinition<I>): Tool {
  const aboutTools: ToolAboutTools = {
    kind: 'stands_for',
    callOf: (input) => definition.callOf(definition.input.parse(input)),
  };
  return { ...toolOf(definition, aboutTools), output: z.looseObject({}), effect: 'destroy', idempotent: false };
}

function toolOf(
  { name, title, description, input }: Named & { readonly input: z.ZodObject },
  aboutTools: ToolAboutTools,
): Omit<Tool, 'output' | 'effect' | 'idempotent'> {
  return {
    name,
    aliases: [],
    title,
    description,
    openWorld: false,
    input,
    task: undefined,
    // What it leads to has a scope of its own.
    scope: 'lightdom:read',
    outside: undefined,
    aboutTools,
    call: () =>
      Promise.reject(
        new AppError('unsupported', `${name} is answered by the server that lists the tools, and nowhere else.`),
      ),
  };
}
