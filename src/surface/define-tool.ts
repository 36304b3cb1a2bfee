import type { z } from 'zod';
import type { ContentBlock } from './content-block.ts';
import type { ToolContext } from './tool-context.ts';

/** What a tool does to the world: nothing, adds or changes, or may lose something. */
export type ToolEffect = 'read' | 'write' | 'destroy';

/** How a caller that knows tasks gets a tool's work: as a task when it starts a run, and perhaps in no other way. */
export type TaskSupport = 'optional' | 'required';

/** A tool as a declared value. Registration, validation, rendering, errors and metrics live outside it. */
export interface ToolDefinition<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly idempotent: boolean;
  /** Reaches beyond this machine. */
  readonly openWorld: boolean;
  readonly input: I;
  readonly output: O;
  /** The answer as compact text that stands on its own; without it the output is printed as JSON. */
  summary?(output: z.output<O>): string;
  /** Further parts of the answer: a link to the whole of what the text only sums up. */
  attachments?(output: z.output<O>): readonly ContentBlock[];
  /** Set for a tool whose answer is `{ run }`, a run that it has just started. */
  readonly task?: TaskSupport;
  /** URI of a page that shows the answer, for hosts that show pages (MCP Apps). */
  readonly view?: string;
  run(input: z.output<I>, context: ToolContext): Promise<z.output<O>>;
}

/** A tool whose types are erased, as lists and registries hold it. It takes unknown input and parses it itself. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly idempotent: boolean;
  readonly openWorld: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly task: TaskSupport | undefined;
  readonly view?: string | undefined;
  /** Parses the input (throws z.ZodError), runs, parses the output, renders the text. */
  call(input: unknown, context: ToolContext): Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly text: string;
  readonly structured: Record<string, unknown>;
  readonly attachments?: readonly ContentBlock[];
}

/** Declares a tool. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: ToolDefinition<I, O>): Tool {
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    effect: definition.effect,
    idempotent: definition.idempotent,
    openWorld: definition.openWorld,
    input: definition.input,
    output: definition.output,
    task: definition.task,
    view: definition.view,
    async call(input, context) {
      const answer = definition.output.parse(await definition.run(definition.input.parse(input), context));
      const text = definition.summary?.(answer) ?? JSON.stringify(answer);
      const attachments = definition.attachments?.(answer) ?? [];
      return { text, structured: answer, ...(attachments.length === 0 ? {} : { attachments }) };
    },
  };
}
