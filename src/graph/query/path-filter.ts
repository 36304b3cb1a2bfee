/**
 * One step of a pattern: a character, any one but `/`, a run without `/`, any run; and `**` with its slash as two: the
 * entry, which may be skipped together with what follows it, and the inside, which ends after a slash.
 */
type Step =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' | 'run' | 'deep' | 'folders' | 'inside' };

/** More alternatives than a person writes; braces multiply. */
const MAX_ALTERNATIVES = 64;

/**
 * Tests relative paths against a prefix (`src/graph`) or, when it holds `*`, `?` or `{`, a glob (`**` crosses folders,
 * `{a,b}` are alternatives). Linear in pattern times path, whatever the pattern.
 */
export function createPathFilter(pattern: string): (path: string) => boolean {
  const clean = pattern.replaceAll('\\', '/').replace(/^\.?\//, '');
  if (!/[*?{]/.test(clean)) return (path) => path.startsWith(clean);
  const alternatives = expandBraces(clean).map(stepsOf);
  return (path) => alternatives.some((steps) => matches(steps, path));
}

function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*)\}/.exec(next);
    if (braces === null || open.length + done.length >= MAX_ALTERNATIVES) {
      done.push(next);
      continue;
    }
    const before = next.slice(0, braces.index);
    const after = next.slice(braces.index + braces[0].length);
    open.push(...(braces[1] ?? '').split(',').map((choice) => before + choice + after));
  }
  return done;
}

function stepsOf(pattern: string): Step[] {
  const parts = pattern.match(/\*\*\/?|\*|\?|[^]/gu) ?? [];
  return parts.flatMap((part): Step[] => {
    if (part === '**/') return [{ kind: 'folders' }, { kind: 'inside' }];
    if (part === '**') return [{ kind: 'deep' }];
    if (part === '*') return [{ kind: 'run' }];
    if (part === '?') return [{ kind: 'one' }];
    return [{ kind: 'char', char: part }];
  });
}

/** Follows all places in the pattern where one can be after each character of the path. */
function matches(steps: readonly Step[], path: string): boolean {
  let places = skipEmpty(steps, new Set([0]));
  for (const char of path) {
    const next = new Set<number>();
    for (const place of places) {
      const step = steps[place];
      if (step !== undefined) advance(step, char, { place, next });
    }
    places = skipEmpty(steps, next);
    if (places.size === 0) return false;
  }
  return places.has(steps.length);
}

function advance(step: Step, char: string, { place, next }: { place: number; next: Set<number> }): void {
  switch (step.kind) {
    case 'char':
      if (step.char === char) next.add(place + 1);
      break;
    case 'one':
      if (char !== '/') next.add(place + 1);
      break;
    case 'run':
      if (char !== '/') next.add(place);
      break;
    case 'deep':
      next.add(place);
      break;
    case 'inside':
      next.add(place);
      if (char === '/') next.add(place + 1);
      break;
    case 'folders':
      break;
  }
}

/** Runs may be empty, and `**` with its slash may be nothing at all. The set grows while it is walked. */
function skipEmpty(steps: readonly Step[], places: Set<number>): Set<number> {
  for (const place of places) {
    const kind = steps[place]?.kind;
    if (kind === 'run' || kind === 'deep') places.add(place + 1);
    if (kind === 'folders') places.add(place + 1).add(place + 2);
  }
  return places;
}
