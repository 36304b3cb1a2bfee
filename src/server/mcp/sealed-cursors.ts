import { AppError } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';

/** Whose cursors they are: one that a tool gave to a caller counts for both alone. */
export interface CursorScope {
  readonly tool: string;
  readonly principal: string;
  readonly sealer: () => Sealer;
}

type Fields = Readonly<Record<string, unknown>>;

/** The input with the field `cursor`, if it has one, as the tool itself made it. Throws `invalid_input` for any other. */
export function withOpenCursor(input: Fields, { tool, principal, sealer }: CursorScope): Fields {
  const { cursor } = input;
  if (typeof cursor !== 'string') return input;
  try {
    return { ...input, cursor: sealer().verify(purposeOf(tool, principal), cursor) };
  } catch (error) {
    throw new AppError('invalid_input', `The cursor \`${cursor.slice(0, 80)}\` is not one that ${tool} gave.`, {
      hint: 'Start over: ask without `cursor`, then pass `nextCursor` with the same arguments.',
      cause: error,
    });
  }
}

/** The answer with the field `nextCursor`, if it has one, as its caller may give it back. */
export function withSealedCursor(answer: Fields, { tool, principal, sealer }: CursorScope): Fields {
  const { nextCursor } = answer;
  if (typeof nextCursor !== 'string') return answer;
  return { ...answer, nextCursor: sealer().sign(purposeOf(tool, principal), nextCursor) };
}

function purposeOf(tool: string, principal: string): string[] {
  return ['cursor', tool, principal];
}
