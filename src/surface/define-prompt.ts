import type { z } from 'zod';
import type { AskingContext } from './asking.ts';
import type { Completers } from './completion.ts';
import type { PromptMessage } from './content-block.ts';
import type { Skill } from './skill.ts';

/** A prompt: a playbook that a person picks in their client. All arguments are strings, as the protocol has it. */
export interface PromptDefinition<A extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: A;
  /** The text of one user message, or several messages. */
  render(args: z.output<A>, context: AskingContext): Rendered | Promise<Rendered>;
  /** Proposals for arguments that are not free text. */
  readonly complete?: Completers;
}

type Rendered = string | readonly PromptMessage[];

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: z.ZodObject;
  readonly complete: Completers;
  /** The same playbook as a file, where it is one. */
  readonly skill?: Skill;
  /** Parses the arguments (throws z.ZodError) and renders. */
  get(args: unknown, context: AskingContext): Promise<readonly PromptMessage[]>;
}

/** Declares a prompt. */
export function definePrompt<A extends z.ZodObject>(definition: PromptDefinition<A>): Prompt {
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    args: definition.args,
    complete: definition.complete ?? {},
    async get(args, context) {
      const rendered = await definition.render(definition.args.parse(args), context);
      return typeof rendered === 'string' ? [{ role: 'user', content: { type: 'text', text: rendered } }] : rendered;
    },
  };
}
