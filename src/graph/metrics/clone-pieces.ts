import type { TokenCorpus } from './token-corpus.ts';

/** A run of tokens: from the first one to behind the last one. */
export interface TokenRun {
  readonly from: number;
  readonly to: number;
}

/** The runs of whole neighbouring statements, members or elements in a run of tokens: what could be taken out of it. */
export function piecesIn({ pieceEnds }: TokenCorpus, run: TokenRun, minLength: number): TokenRun[] {
  const found: TokenRun[] = [];
  let from = run.from;
  let at = run.from;
  while (at < run.to) {
    const end = pieceEnds[at] ?? 0;
    if (end > at && end <= run.to) {
      at = end;
      continue;
    }
    if (at - from >= minLength) found.push({ from, to: at });
    at += 1;
    from = at;
  }
  if (at - from >= minLength) found.push({ from, to: at });
  return found;
}
