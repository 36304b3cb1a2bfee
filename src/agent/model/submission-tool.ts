import { z } from 'zod';
import type { Checkout } from '../../checkouts/index.ts';
import { AppError } from '../../core/errors.ts';
import { loopTool } from '../../core/llm/index.ts';
import type { LoopTool } from '../../core/llm/index.ts';
import type { FileEdit } from '../../fixers/index.ts';
import { applyEditBlocks, editBlockSchema } from '../edit-blocks.ts';
import type { EditBlock } from '../edit-blocks.ts';
import type { GuardRules } from '../verify/guard/guard-rules.ts';
import { guardPatch } from '../verify/guard/patch-guard.ts';
import { protectionOf } from '../verify/guard/protected-path.ts';
import { guardedFiles, writeEdits } from '../verify/patch-files.ts';

/** A patch that fitted and was allowed; it stands in the checkout. */
export interface Submission {
  readonly title: string;
  readonly explanation: string;
  readonly edits: readonly FileEdit[];
}

const MASK = '[Redacted]';
const MAX_TOLD = 20;

const parameters = z.object({
  title: z.string().trim().min(3).max(100).describe('What the patch does, in a line.'),
  explanation: z.string().max(2_000).default('').describe('Why it is right, in a sentence or two.'),
  blocks: z.array(editBlockSchema).min(1).max(40).describe('Applied in order, all or none.'),
});

/** The one way in which a model changes something. What does not fit or is not allowed is told to it; the first that is both ends the loop. */
export function submissionTool(
  checkout: Checkout,
  { guard, onSubmitted }: { readonly guard: GuardRules; readonly onSubmitted: (submission: Submission) => void },
): LoopTool {
  return loopTool({
    name: 'submit_edits',
    description:
      'Hands in the patch: blocks of what stands there and what shall stand in its place. The work is done with it.',
    parameters,
    run: async ({ title, explanation, blocks }) => {
      const edits = await fittingEdits(checkout, blocks);
      const files = await guardedFiles(checkout, edits);
      const { verdict, reasons } = guardPatch(files, guard);
      if (verdict === 'refused') throw refused(reasons.map(({ message }) => message));
      if (files.every(({ base, text }) => base === text)) throw refused(['It changes nothing.']);
      await writeEdits(checkout, files);
      onSubmitted({ title, explanation, edits });
      return { text: 'The patch is handed in.', isFinal: true };
    },
  });
}

async function fittingEdits(checkout: Checkout, blocks: readonly EditBlock[]): Promise<readonly FileEdit[]> {
  const protectedPaths = blocks.flatMap(({ path }) => {
    const protection = protectionOf(path);
    return protection === undefined ? [] : [`\`${path}\` ${protection.what}. Leave it as it is.`];
  });
  if (protectedPaths.length > 0) throw refused(protectedPaths);
  // A mask that was read would be written over what it stands for.
  const masked = blocks.flatMap(({ path, search, replace }) =>
    search.includes(MASK) || replace.includes(MASK)
      ? [`A block of \`${path}\` holds ${MASK}, which stands in no file.`]
      : [],
  );
  if (masked.length > 0) throw refused(masked);
  const applied = await applyEditBlocks(blocks, (path) => checkout.findText(path));
  if (applied.isApplied) return applied.edits;
  throw refused(applied.problems);
}

function refused(problems: readonly string[]): AppError {
  return new AppError('invalid_input', `The patch was not applied: ${problems.slice(0, MAX_TOLD).join(' ')}`, {
    hint: 'Mend it and hand in all blocks again; nothing was written.',
  });
}
