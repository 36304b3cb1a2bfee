import type { z } from 'zod';
import type { Scope } from '../core/access.ts';
import type { ContentBlock } from './content-block.ts';
import { nextOf, renderNext } from './next-call.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolCall, ToolDirectory } from './tool-directory.ts';

/** What a tool does to the world: nothing, adds or changes, or may lose something. */
export type ToolEffect = 'read' | 'write' | 'destroy';

/** How a caller that knows tasks gets a tool's work: as a task when it starts a run, and perhaps in no other way. */
export type TaskSupport = 'optional' | 'required';

/** A tool as a declared value. Registration, validation, rendering, errors and metrics live outside it. */
export interface ToolDefinition<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Former names: they go on working in calls and in policies, and are never listed. */
  readonly aliases?: readonly string[];
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
  /** At most 3 calls that lead on from the answer, ready to be sent; they end its text. */
  next?(output: z.output<O>): readonly ToolCall[];
  /** Set for a tool whose answer is `{ run }`, a run that it has just started. */
  readonly task?: TaskSupport;
  /** What a caller must be granted, where it does not follow from the effect, or from starting a run. */
  readonly scope?: Scope;
  /**
   * Where text in the answer comes from that this software did not write: "code of the workspace". Agents get the answer's
   * text between marks that say so.
   */
  readonly outside?: string;
  /** URI of a page that shows the answer, for hosts that show pages (MCP Apps). */
  readonly view?: string;
  run(input: z.output<I>, context: ToolContext): Promise<z.output<O>>;
}

/** A tool whose types are erased, as lists and registries hold it. It takes unknown input and parses it itself. */
export interface Tool {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly idempotent: boolean;
  readonly openWorld: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly task: TaskSupport | undefined;
  readonly view?: string | undefined;
  readonly scope: Scope | undefined;
  readonly outside: string | undefined;
  /** Set for a tool about tools, which needs no services: the server that lists the tools handles it. */
  readonly aboutTools?: ToolAboutTools;
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
  /** The suggestions that end the text. */
  readonly next?: readonly ToolCall[];
}

export type ToolAboutTools =
  /** Answers from the tools that the caller may call. Parses the input (throws z.ZodError). */
  | { readonly kind: 'answers'; answer(input: unknown, tools: ToolDirectory): ToolAnswer }
  /** Stands for a call of another tool, whose hints, rules and answer are its own. Parses the input (throws z.ZodError). */
  | { readonly kind: 'stands_for'; callOf(input: unknown): ToolCall };

/** Declares a tool. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: ToolDefinition<I, O>): Tool {
  return {
    name: definition.name,
    aliases: definition.aliases ?? [],
    title: definition.title,
    description: definition.description,
    effect: definition.effect,
    idempotent: definition.idempotent,
    openWorld: definition.openWorld,
    input: definition.input,
    output: definition.output,
    task: definition.task,
    view: definition.view,
    scope: definition.scope,
    outside: definition.outside,
    async call(input, context, amend = (answer) => answer) {
      const answered = await definition.run(definition.input.parse(input), context);
      return answerOf(definition, definition.output.parse(amend(answered)));
    },
  };
}

/** What a definition says of an answer: how it reads, what belongs to it, where it leads. */
export function answerOf<O extends z.ZodObject>(
  definition: Pick<ToolDefinition<z.ZodObject, O>, 'output' | 'summary' | 'attachments' | 'next'>,
  output: z.output<O>,
): ToolAnswer {
  const answer = definition.output.parse(output);
  const text = definition.summary?.(answer) ?? JSON.stringify(answer);
  const attachments = definition.attachments?.(answer) ?? [];
  const next = nextOf(definition.next?.(answer));
  return {
    text: `${text}${renderNext(next)}`,
    structured: answer,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(next.length === 0 ? {} : { next }),
  };
}
