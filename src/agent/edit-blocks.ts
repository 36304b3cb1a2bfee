import { z } from 'zod';
import type { FileEdit } from '../fixers/index.ts';

/** One change of one file: what stands there, and what shall. */
export const editBlockSchema = z.object({
  path: z.string().min(1).max(1_000).describe('File, relative to the workspace.'),
  search: z.string().max(50_000).describe('Text that stands there exactly once; empty: a new file.'),
  replace: z.string().max(100_000).describe('Text in its place.'),
});
export type EditBlock = z.infer<typeof editBlockSchema>;

/** All blocks fit and these are the new texts, or none is applied and these are the reasons. */
export type AppliedBlocks =
  | { readonly isApplied: true; readonly edits: readonly FileEdit[] }
  | { readonly isApplied: false; readonly problems: readonly string[] };

const MAX_SHOWN_LINES = 6;

/** Applies blocks one after the other: a later one sees what the ones before it made of its file. Nothing is guessed. */
export async function applyEditBlocks(
  blocks: readonly EditBlock[],
  findText: (path: string) => Promise<string | undefined>,
): Promise<AppliedBlocks> {
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [at, block] of blocks.entries()) {
    const { path } = block;
    const text = texts.get(path) ?? (await findText(path));
    const changed = changedText(text, block);
    if ('problem' in changed) problems.push(`Block ${at + 1} (${path}): ${changed.problem}`);
    else texts.set(path, changed.text);
  }
  if (problems.length > 0) return { isApplied: false, problems };
  return { isApplied: true, edits: [...texts].map(([path, text]) => ({ path, text })) };
}

type Changed = { readonly text: string } | { readonly problem: string };

function changedText(text: string | undefined, block: EditBlock): Changed {
  if (block.search === '') {
    if (text === undefined) return { text: block.replace };
    return { problem: 'the file exists; give the text that is to be replaced as `search`.' };
  }
  if (text === undefined) return { problem: 'there is no such file at the base commit.' };
  const [search, replace] = [block.search, block.replace].map((part) => withLineEndsOf(text, part));
  if (search === undefined || replace === undefined) return { text };
  const places = placesOf(text, search);
  const [first] = places;
  if (first === undefined) return { problem: missing(text, search) };
  if (places.length > 1) {
    const lines = places.map((place) => lineAt(text, place)).slice(0, MAX_SHOWN_LINES);
    return { problem: `\`search\` stands there ${places.length} times (lines ${lines.join(', ')}); give more of it.` };
  }
  // Not `replace`: its patterns would be read in what is inserted.
  return { text: text.slice(0, first) + replace + text.slice(first + search.length) };
}

function withLineEndsOf(text: string, part: string): string {
  return text.includes('\r\n') ? part.replaceAll(/\r?\n/g, '\r\n') : part;
}

function placesOf(text: string, search: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) places.push(at);
  return places;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Where the words stand with other spaces, the lines as they are: they can be copied. */
function missing(text: string, search: string): string {
  const lines = text.split('\n');
  const wanted = search.split('\n').map(plain);
  const found = lines.flatMap((_, at) => (isAt(lines, at, wanted) ? [at] : []));
  const [at] = found;
  if (at === undefined || found.length > 1 || wanted.every((line) => line === '')) {
    return '`search` does not stand there; copy it from the file as it is, with its spaces.';
  }
  const shown = lines.slice(at, at + Math.min(wanted.length, MAX_SHOWN_LINES));
  return `\`search\` stands there with other spaces, from line ${at + 1}:\n${shown.join('\n')}`;
}

function isAt(lines: readonly string[], at: number, wanted: readonly string[]): boolean {
  return wanted.every((line, index) => plain(lines[at + index] ?? '\0') === line);
}

function plain(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}
