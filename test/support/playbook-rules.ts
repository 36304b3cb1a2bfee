import { catalog } from '../../src/catalog.ts';
import { LOCAL_CALLER } from '../../src/surface/index.ts';
import type { Prompt } from '../../src/surface/index.ts';

/** What the prompt says with these arguments. */
export async function promptText(prompt: Prompt, args: Readonly<Record<string, string>> = {}): Promise<string> {
  const messages = await prompt.get(args, { caller: LOCAL_CALLER, ask: () => Promise.resolve({}) });
  return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
}

/** Words that look like a tool; the value says whether there is one of that name. */
export function toolsNamedIn(text: string): Map<string, boolean> {
  const tools = catalog.toolsets.flatMap((entry) => entry.tools.map((tool) => tool.name));
  const prefixes = new Set(tools.map((name) => name.slice(0, name.indexOf('_'))));
  const words = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
  const named = words.filter((word) => prefixes.has(word.slice(0, word.indexOf('_'))));
  return new Map(named.map((name) => [name, tools.includes(name)]));
}

/** The tools of a playbook, each of which must exist. */
export async function toolsOf(prompt: Prompt): Promise<string[]> {
  const named = toolsNamedIn(await promptText(prompt));
  const unknown = [...named].filter(([, isThere]) => !isThere).map(([name]) => name);
  if (unknown.length > 0) throw new Error(`${prompt.name} names what is no tool: ${unknown.join(', ')}.`);
  return [...named.keys()].toSorted();
}
