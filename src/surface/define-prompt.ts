import type { z } from 'zod';

/** A prompt: a playbook that a person picks in their client. All arguments are strings, as the protocol has it. */
export interface PromptDefinition<A extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: A;
  /** The text of one user message. */
  render(args: z.output<A>): string;
}

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: z.ZodObject;
  /** Parses the arguments (throws z.ZodError) and renders. */
  get(args: unknown): string;
}

/** Declares a prompt. */
export function definePrompt<A extends z.ZodObject>(definition: PromptDefinition<A>): Prompt {
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    args: definition.args,
    get: (args) => definition.render(definition.args.parse(args)),
  };
}
