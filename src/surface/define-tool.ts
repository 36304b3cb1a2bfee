import type { z } from 'zod';
import type { Scope } from '../core/access.ts';
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
  /** What a caller must be granted, where it does not follow from the effect, or from starting a run. */
  readonly scope?: Scope;
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
  readonly scope: Scope | undefined;
  /**
   * Parses the input (throws z.ZodError), runs, parses the output, renders the text. `amend` changes what was answered before
   * it is parsed and rendered.
   */
  call(input: unknown, context: ToolContext, amend?: Amend): Promise<ToolAnswer>;
}

type Amend = (answer: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

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
    scope: definition.scope,
    async call(input, context, amend = (answer) => answer) {
      const answered = await definition.run(definition.input.parse(input), context);
      const answer = definition.output.parse(amend(answered));
      const text = definition.summary?.(answer) ?? JSON.stringify(answer);
      const attachments = definition.attachments?.(answer) ?? [];
      return { text, structured: answer, ...(attachments.length === 0 ? {} : { attachments }) };
    },
  };
}
