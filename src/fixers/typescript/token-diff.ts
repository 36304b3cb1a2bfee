import { ts } from 'ts-morph';

export interface Token {
  readonly text: string;
  readonly kind: ts.SyntaxKind;
  readonly start: number;
  readonly end: number;
}

/** Tokens that stand in one text and not in the other, with where they stand. */
export interface Hunk {
  /** Now: between the ends of the tokens around; its first and behind its last character. */
  readonly from: number;
  readonly to: number;
  readonly now: readonly Token[];
  readonly before: readonly Token[];
  /** What stood there, with its white space and comments. */
  readonly text: string;
}

/** Tokens of the texts' difference that are looked through: more is another file. */
const MAX_TOKENS = 6_000;
const MAX_EDITS = 400;

/** What differs between two texts, token by token; white space and comments do not count. Undefined when it is most. */
export function diffTokens(path: string, now: string, before: string): readonly Hunk[] | undefined {
  const newer = tokensOf(path, now);
  const older = tokensOf(path, before);
  let head = 0;
  while (head < newer.length && head < older.length && isSame(newer[head], older[head])) head += 1;
  let tail = 0;
  const most = Math.min(newer.length, older.length) - head;
  while (tail < most && isSame(newer[newer.length - 1 - tail], older[older.length - 1 - tail])) tail += 1;
  const middle = { now: newer.slice(head, newer.length - tail), before: older.slice(head, older.length - tail) };
  if (middle.now.length + middle.before.length > MAX_TOKENS) return undefined;
  const pairs = commonPairs(middle.now, middle.before);
  if (pairs === undefined) return undefined;
  const anchors = [
    { now: head - 1, before: head - 1 },
    ...pairs.map((pair) => ({ now: pair.now + head, before: pair.before + head })),
    { now: newer.length - tail, before: older.length - tail },
  ];
  return hunksBetween(anchors, { newer, older, now, before });
}

interface Pair {
  readonly now: number;
  readonly before: number;
}

interface Texts {
  readonly newer: readonly Token[];
  readonly older: readonly Token[];
  readonly now: string;
  readonly before: string;
}

function hunksBetween(anchors: readonly Pair[], { newer, older, now, before }: Texts): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [at, right] of anchors.entries()) {
    const left = anchors[at - 1];
    if (left === undefined || (right.now - left.now === 1 && right.before - left.before === 1)) continue;
    const from = newer[left.now]?.end ?? 0;
    const to = newer[right.now]?.start ?? now.length;
    const text = before.slice(older[left.before]?.end ?? 0, older[right.before]?.start ?? before.length);
    hunks.push({
      from,
      to,
      now: newer.slice(left.now + 1, right.now),
      before: older.slice(left.before + 1, right.before),
      text,
    });
  }
  return hunks;
}

/**
 * The longest common subsequence, by E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), the greedy
 * form; undefined beyond so many edits.
 */
function commonPairs(now: readonly Token[], before: readonly Token[]): readonly Pair[] | undefined {
  const trace: ReadonlyMap<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  const limit = Math.min(MAX_EDITS, now.length + before.length);
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOf(reach, diagonal, edits);
      while (x < now.length && x - diagonal < before.length && isSame(now[x], before[x - diagonal])) x += 1;
      reach.set(diagonal, x);
      if (x >= now.length && x - diagonal >= before.length) return pairsOf(trace, now.length, before.length);
    }
  }
  return undefined;
}

function startOf(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const left = reach.get(diagonal - 1) ?? -1;
  const right = reach.get(diagonal + 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
}

function pairsOf(trace: readonly ReadonlyMap<number, number>[], nowLength: number, beforeLength: number): Pair[] {
  const pairs: Pair[] = [];
  let x = nowLength;
  let y = beforeLength;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const left = reach.get(diagonal - 1) ?? -1;
    const right = reach.get(diagonal + 1) ?? -1;
    const isDown = diagonal === -edits || (diagonal !== edits && left < right);
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const startX = edits === 0 ? 0 : (reach.get(from) ?? 0);
    const startY = edits === 0 ? 0 : startX - from;
    const runX = edits === 0 ? 0 : isDown ? startX : startX + 1;
    while (x > runX && y > (edits === 0 ? 0 : isDown ? startY + 1 : startY)) {
      x -= 1;
      y -= 1;
      pairs.push({ now: x, before: y });
    }
    x = startX;
    y = startY;
  }
  return pairs.toReversed();
}

function isSame(one: Token | undefined, two: Token | undefined): boolean {
  return one !== undefined && two !== undefined && one.kind === two.kind && one.text === two.text;
}

/** As the parser sees them: it knows where `>` ends a list of types and where a template goes on. */
export function tokensOf(path: string, text: string): readonly Token[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  const tokens: Token[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    const start = node.getStart(file);
    if (node.end > start) tokens.push({ text: text.slice(start, node.end), kind: node.kind, start, end: node.end });
  };
  visit(file);
  return tokens;
}
