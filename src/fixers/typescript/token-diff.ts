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

/** More is another file. */
const MAX_EDITS = 600;

/**
 * What differs between two texts: line by line first, so that what went as lines comes back as lines, then token by token
 * within lines that differ; white space and comments do not count. Undefined when it is most of it.
 */
export function diffTokens(path: string, now: string, before: string): readonly Hunk[] | undefined {
  const newer = tokensOf(path, now);
  const older = tokensOf(path, before);
  const lines = { now: linesOf(newer, now), before: linesOf(older, before) };
  const linePairs = commonPairs(
    lines.now.map(({ text }) => text),
    lines.before.map(({ text }) => text),
  );
  if (linePairs === undefined) return undefined;
  const anchors: Pair[] = [{ now: -1, before: -1 }];
  const addBetween = (to: Pair): boolean => {
    const last = anchors.at(-1) ?? { now: -1, before: -1 };
    const from = { now: last.now + 1, before: last.before + 1 };
    const pairs = commonPairs(newer.slice(from.now, to.now).map(keyOf), older.slice(from.before, to.before).map(keyOf));
    anchors.push(...(pairs ?? []).map((pair) => ({ now: pair.now + from.now, before: pair.before + from.before })));
    return pairs !== undefined;
  };
  for (const pair of linePairs) {
    const [newLine, oldLine] = [lines.now[pair.now], lines.before[pair.before]];
    if (newLine === undefined || oldLine === undefined) continue;
    if (!addBetween({ now: newLine.first, before: oldLine.first })) return undefined;
    for (let at = 0; at < newLine.count; at += 1) {
      anchors.push({ now: newLine.first + at, before: oldLine.first + at });
    }
  }
  if (!addBetween({ now: newer.length, before: older.length })) return undefined;
  anchors.push({ now: newer.length, before: older.length });
  return hunksBetween(anchors, { newer, older, now, before });
}

/** Tokens that begin on one line. */
interface TokenLine {
  readonly text: string;
  readonly first: number;
  readonly count: number;
}

function linesOf(tokens: readonly Token[], text: string): TokenLine[] {
  const lines: { text: string; first: number; count: number }[] = [];
  let end = -1;
  for (const [at, token] of tokens.entries()) {
    const last = lines.at(-1);
    if (last === undefined || token.start > end) {
      const next = text.indexOf('\n', token.start);
      end = next === -1 ? text.length : next;
      lines.push({ text: keyOf(token), first: at, count: 1 });
    } else {
      last.text += ` ${keyOf(token)}`;
      last.count += 1;
    }
  }
  return lines;
}

function keyOf({ kind, text }: Token): string {
  return `${kind} ${text}`;
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

/** The longest common subsequence of two lists; undefined beyond so many edits. */
function commonPairs(now: readonly string[], before: readonly string[]): readonly Pair[] | undefined {
  let head = 0;
  while (head < now.length && head < before.length && now[head] === before[head]) head += 1;
  let tail = 0;
  const most = Math.min(now.length, before.length) - head;
  while (tail < most && now[now.length - 1 - tail] === before[before.length - 1 - tail]) tail += 1;
  const middle = middlePairs(now.slice(head, now.length - tail), before.slice(head, before.length - tail));
  if (middle === undefined) return undefined;
  const around = (count: number, from: Pair): Pair[] =>
    Array.from({ length: count }, (_, at) => ({ now: from.now + at, before: from.before + at }));
  return [
    ...around(head, { now: 0, before: 0 }),
    ...middle.map((pair) => ({ now: pair.now + head, before: pair.before + head })),
    ...around(tail, { now: now.length - tail, before: before.length - tail }),
  ];
}

/** By E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), the greedy form. */
function middlePairs(now: readonly string[], before: readonly string[]): readonly Pair[] | undefined {
  if (now.length === 0 || before.length === 0) return [];
  const trace: ReadonlyMap<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  const limit = Math.min(MAX_EDITS, now.length + before.length);
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOf(reach, diagonal, edits);
      while (x < now.length && x - diagonal < before.length && now[x] === before[x - diagonal]) x += 1;
      reach.set(diagonal, x);
      if (x >= now.length && x - diagonal >= before.length) return pairsOf(trace, now.length, before.length);
    }
  }
  return undefined;
}

function startOf(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  if (startsDown(reach, diagonal, edits)) return reach.get(diagonal + 1) ?? -1;
  return (reach.get(diagonal - 1) ?? -1) + 1;
}

function startsDown(reach: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1);
}

/** The way that led to the ends of both, walked backwards. */
function pairsOf(trace: readonly ReadonlyMap<number, number>[], nowLength: number, beforeLength: number): Pair[] {
  const pairs: Pair[] = [];
  let at: Pair = { now: nowLength, before: beforeLength };
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const { from, run } = stepOf(trace[edits] ?? new Map(), at, edits);
    while (at.now > run.now && at.before > run.before) {
      at = { now: at.now - 1, before: at.before - 1 };
      pairs.push(at);
    }
    at = from;
  }
  return pairs.toReversed();
}

/** Where the last edit was made, and where the run of common items behind it began. */
function stepOf(
  reach: ReadonlyMap<number, number>,
  at: Pair,
  edits: number,
): { readonly from: Pair; readonly run: Pair } {
  if (edits === 0) return { from: { now: 0, before: 0 }, run: { now: 0, before: 0 } };
  const diagonal = at.now - at.before;
  const isDown = startsDown(reach, diagonal, edits);
  const side = isDown ? diagonal + 1 : diagonal - 1;
  const now = reach.get(side) ?? 0;
  const from = { now, before: now - side };
  return { from, run: isDown ? { now, before: from.before + 1 } : { now: now + 1, before: from.before } };
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
