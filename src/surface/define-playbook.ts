import type { z } from 'zod';
import type { Completers } from './completion.ts';
import { definePrompt } from './define-prompt.ts';
import type { Prompt } from './define-prompt.ts';
import type { Skill } from './skill.ts';

/** How to reach something with the tools: one source for the prompt that a person picks and the skill that an agent picks. */
export interface PlaybookDefinition<A extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Completes "Use it …": how an agent knows that this is the playbook for what it was asked. */
  readonly when: string;
  /** All optional: a skill has none. */
  readonly args: A;
  /** Proposals for the arguments. */
  readonly complete?: Completers;
  /** What is to be reached; without arguments, what it is in general. */
  goal(args: z.output<A>): string;
  readonly steps: readonly string[];
  /** What the answer must hold. */
  readonly answer: string;
}

/** Declares a prompt that is served as a skill as well. */
export function definePlaybook<A extends z.ZodObject>(playbook: PlaybookDefinition<A>): Prompt {
  const { name, title, description, when, args, complete = {}, steps, answer } = playbook;
  const body = [...steps.map((step, index) => `${index + 1}. ${step}`), '', answer].join('\n');
  const general = playbook.goal(args.parse({}));
  const prompt = definePrompt({
    name,
    title,
    description,
    args,
    complete,
    render: (given) => `${playbook.goal(given)}\n\n${body}`,
  });
  return {
    ...prompt,
    skill: skillOf({ name, title, summary: `${description} Use it ${when}`, text: `${general}\n\n${body}` }),
  };
}

function skillOf(file: {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
}): Skill {
  const name = file.name.replaceAll('_', '-');
  const description = file.summary;
  // A JSON string is a double-quoted scalar of YAML.
  const frontmatter = ['---', `name: ${name}`, `description: ${JSON.stringify(description)}`, '---'];
  return { name, description, text: `${[...frontmatter, '', `# ${file.title}`, '', file.text].join('\n')}\n` };
}
