/** One-based numbers of the lines that differ: in the new text, and in the old one. */
export interface LineDiff {
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/** Beyond this many differing lines the middle is taken as replaced: it is over every budget anyway. */
const MAX_EDITS = 1_000;

/**
 * The shortest way from one text to the other, line by line (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986), after what they share at both ends.
 */
export function diffLines(before: string, after: string): LineDiff {
  const old = linesOf(before);
  const next = linesOf(after);
  let head = 0;
  while (head < old.length && head < next.length && old[head] === next[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, next.length) - head;
  while (tail < most && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1;
  const inner = shortestEdit(old.slice(head, old.length - tail), next.slice(head, next.length - tail));
  const placed = (lines: readonly number[]): number[] => lines.map((line) => line + head + 1);
  return { added: placed(inner.added), removed: placed(inner.removed) };
}

/** A line feed at the very end begins no line. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** How far each diagonal was followed in the old text. */
type Reached = Map<number, number>;

/** Numbers from zero. */
function shortestEdit(old: readonly string[], next: readonly string[]): LineDiff {
  const rounds: Reached[] = [];
  // A round reads the diagonals of the other parity only, which are those of the round before.
  const reached: Reached = new Map([[1, 0]]);
  const most = old.length === 0 || next.length === 0 ? -1 : Math.min(MAX_EDITS, old.length + next.length);
  for (let edits = 0; edits <= most; edits += 1) {
    rounds.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepOf(reached, diagonal, edits).x;
      while (x < old.length && x - diagonal < next.length && old[x] === next[x - diagonal]) x += 1;
      reached.set(diagonal, x);
      if (x >= old.length && x - diagonal >= next.length) return walkBack(rounds, old.length, next.length);
    }
  }
  return { added: [...next.keys()], removed: [...old.keys()] };
}

/** Where a diagonal is entered, and whether by a line of the new text (down) or one of the old (right). */
function stepOf(reached: Reached, diagonal: number, edits: number): { readonly x: number; readonly isDown: boolean } {
  const above = reached.get(diagonal + 1) ?? -1;
  const left = reached.get(diagonal - 1) ?? -1;
  const isDown = diagonal === -edits || (diagonal !== edits && left < above);
  return { x: isDown ? above : left + 1, isDown };
}

function walkBack(rounds: readonly Reached[], oldLength: number, newLength: number): LineDiff {
  const added: number[] = [];
  const removed: number[] = [];
  let diagonal = oldLength - newLength;
  for (const [edits, reached] of [...rounds.entries()].toReversed()) {
    if (edits === 0) break;
    const { x, isDown } = stepOf(reached, diagonal, edits);
    if (isDown) added.push(x - diagonal - 1);
    else removed.push(x - 1);
    diagonal += isDown ? 1 : -1;
  }
  return { added: added.toReversed(), removed: removed.toReversed() };
}
