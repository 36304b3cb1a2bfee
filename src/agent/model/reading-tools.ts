import { z } from 'zod';
import type { Checkout } from '../../checkouts/index.ts';
import { AppError } from '../../core/errors.ts';
import { loopTool } from '../../core/llm/index.ts';
import type { LoopTool } from '../../core/llm/index.ts';
import { protectionOf } from '../verify/guard/protected-path.ts';
import { redactedLines } from '../work-packet.ts';
import { fencedText } from './fenced-text.ts';

/** What a model may see of a checkout: files, found by name or text. Nothing else of the machine, and no file of secrets. */

const MAX_LINES = 300;
const MAX_LINE_LENGTH = 300;
const MAX_LISTED = 300;
const MAX_HITS = 60;
const MAX_SEARCHED_LENGTH = 1_000_000;

const path = z.string().min(1).max(1_000).describe('Relative to the workspace, with forward slashes.');
const line = z.number().int().min(1).max(10_000_000);

export function readingTools(checkout: Checkout): readonly LoopTool[] {
  return [readFile(checkout), searchText(checkout), listFiles(checkout)];
}

function readFile(checkout: Checkout): LoopTool {
  return loopTool({
    name: 'read_file',
    description: `Lines of a file with their numbers, at most ${MAX_LINES} at once.`,
    parameters: z.object({
      path,
      firstLine: line.default(1).describe('From 1.'),
      lastLine: line.optional().describe(`Without it as many as are shown at once.`),
    }),
    run: async ({ path, firstLine, lastLine = firstLine + MAX_LINES - 1 }) => {
      const lines = redactedLines(await readableText(checkout, path));
      if (firstLine > lines.length) {
        throw new AppError('invalid_input', `${path} has ${lines.length} lines; line ${firstLine} is not among them.`);
      }
      const last = Math.min(lastLine, firstLine + MAX_LINES - 1, lines.length);
      const shown = lines.slice(firstLine - 1, last).map((text, at) => `${firstLine + at} | ${cut(text)}`);
      return fencedText(`${path}, lines ${firstLine} to ${last} of ${lines.length}:`, shown.join('\n'));
    },
  });
}

function searchText(checkout: Checkout): LoopTool {
  return loopTool({
    name: 'search_text',
    description: `Lines that hold a text, to the letter, at most ${MAX_HITS}.`,
    parameters: z.object({
      text: z.string().min(2).max(500).describe('Within one line.'),
      under: z.string().max(1_000).default('').describe('Only files whose path begins with this.'),
    }),
    run: async ({ text, under }, signal) => {
      const hits: string[] = [];
      for (const file of await readableFiles(checkout, under)) {
        signal.throwIfAborted();
        hits.push(...(await hitsIn(checkout, { path: file, text })));
        if (hits.length >= MAX_HITS) break;
      }
      if (hits.length === 0) return 'It stands in no file.';
      const more = hits.length >= MAX_HITS ? ' (there may be more)' : '';
      return fencedText(`Lines that hold it${more}:`, hits.slice(0, MAX_HITS).join('\n'));
    },
  });
}

function listFiles(checkout: Checkout): LoopTool {
  return loopTool({
    name: 'list_files',
    description: `Paths of files, at most ${MAX_LISTED}.`,
    parameters: z.object({ under: z.string().max(1_000).default('').describe('Only paths that begin with this.') }),
    run: async ({ under }) => {
      const files = await readableFiles(checkout, under);
      if (files.length === 0) return 'There is no such file.';
      const more = files.length > MAX_LISTED ? `, the first ${MAX_LISTED} of ${files.length}` : '';
      return fencedText(`Files${more}:`, files.slice(0, MAX_LISTED).join('\n'));
    },
  });
}

async function hitsIn(
  checkout: Checkout,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<string[]> {
  const whole = await checkout.findText(path).catch(() => undefined);
  if (whole === undefined || whole.length > MAX_SEARCHED_LENGTH || !whole.includes(text)) return [];
  return redactedLines(whole).flatMap((shown, at) =>
    shown.includes(text) ? [`${path}:${at + 1}: ${cut(shown)}`] : [],
  );
}

async function readableFiles(checkout: Checkout, under: string): Promise<readonly string[]> {
  const files = await checkout.listFiles();
  return files.filter((file) => file.startsWith(under) && !isHidden(file));
}

async function readableText(checkout: Checkout, path: string): Promise<string> {
  if (isHidden(path)) {
    throw new AppError('permission_denied', `\`${path}\` is not for reading.`, {
      hint: 'Read sources; list_files tells which there are.',
    });
  }
  const text = await checkout.findText(path);
  if (text === undefined)
    throw new AppError('not_found', `There is no file \`${path}\`.`, { hint: 'list_files tells which there are.' });
  if (text.includes('\0')) throw new AppError('invalid_input', `\`${path}\` is binary.`);
  return text;
}

function isHidden(path: string): boolean {
  const rule = protectionOf(path)?.rule;
  return rule === 'secret_file' || rule === 'git' || rule === 'outside';
}

function cut(text: string): string {
  return text.length <= MAX_LINE_LENGTH ? text : `${text.slice(0, MAX_LINE_LENGTH)}… [cut]`;
}
