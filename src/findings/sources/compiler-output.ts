import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Found } from '../finding-schema.ts';

const LOCATED = /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/;
const GENERAL = /^error TS(\d+): (.*)$/;
/** A configuration without files, or whose files belong to others, has nothing to say. */
const HARMLESS = new Set(['18002', '18003']);
/** `Output file … has not been built from source file`: the compiler can't judge what uses it. */
const NOT_BUILT = '6305';
/** Errors of syntax; those above have numbers of their kind too, but are found by the checker. */
const LAST_SYNTAX_CODE = 1_189;
const MAX_MESSAGE = 1_000;

export interface CompilerOutput {
  readonly found: readonly Found[];
  /** What keeps the compiler from judging all files. */
  readonly problems: readonly string[];
}

/** What `tsc --pretty false` wrote when it was run in `cwd`, its paths made relative to `root`. */
export function parseCompilerOutput(output: string, place: { root: string; cwd: string }): CompilerOutput {
  const found: Found[] = [];
  const problems = new Set<string>();
  for (const entry of entriesOf(output)) {
    const judged = judgedOf(entry, place);
    if (typeof judged === 'string') problems.add(judged.slice(0, MAX_MESSAGE));
    else if (judged !== undefined) found.push(judged);
  }
  // With an error of syntax anywhere it looks for no other kind: what it does not say then is not mended.
  if (found.length > 0 && found.every(({ severity }) => severity === 'critical')) {
    problems.add('errors of syntax keep the compiler from looking for errors of types');
  }
  return { found, problems: [...problems] };
}

/** A finding, or in words what keeps the compiler from judging; undefined for what is neither. */
function judgedOf(entry: readonly string[], place: { root: string; cwd: string }): Found | string | undefined {
  const [first = '', ...more] = entry;
  const located = LOCATED.exec(first);
  if (located === null) {
    const [, code = '', text = ''] = GENERAL.exec(first) ?? [];
    return HARMLESS.has(code) ? undefined : `TS${code}: ${text}`;
  }
  const [, path = '', line = '', , code = '', message = ''] = located;
  if (code === NOT_BUILT) return 'TS6305: projects that it refers to are not built: what uses them is not judged';
  const inside = pathIn(place.root, resolve(place.cwd, path));
  if (inside === undefined) return `errors outside of the workspace, such as ${path}: TS${code}`;
  return errorOf({ path: inside, line: Number(line), code, message: [message, ...more].join('\n') });
}

/** Each message with the lines that explain it, which are indented. */
function entriesOf(output: string): string[][] {
  const entries: string[][] = [];
  for (const line of output.split(/\r?\n/)) {
    if (LOCATED.test(line) || GENERAL.test(line)) entries.push([line]);
    else if (/^\s+\S/.test(line)) entries.at(-1)?.push(line.trimEnd());
  }
  return entries;
}

function errorOf(error: { path: string; line: number; code: string; message: string }): Found {
  const isSyntax = error.code.length === 4 && Number(error.code) <= LAST_SYNTAX_CODE;
  return {
    source: 'typescript',
    rule: `ts/${error.code}`,
    category: 'bug',
    severity: isSyntax ? 'critical' : 'high',
    path: error.path,
    line: error.line,
    message: error.message.slice(0, MAX_MESSAGE),
  };
}

/** Undefined outside of the root, and for installed packages. */
export function pathIn(root: string, absolute: string): string | undefined {
  const path = relative(root, absolute).split(sep).join('/');
  return path.startsWith('../') || isAbsolute(path) || /(?:^|\/)node_modules\//.test(path) ? undefined : path;
}
