import { runInNewContext } from 'node:vm';
import { AppError, messageOf } from '../../core/errors.ts';
import type { GraphView } from './graph-view.ts';

/** `/pattern/flags`. With other letters behind it, it is a path: `/src/graph/query`. */
const PATTERN = /^\/(?<source>.+)\/(?<flags>[dgimsuvy]*)$/s;
/** Where a search begins and what it tells of a match: here it is asked only whether there is one. */
const IDLE_FLAGS = /[dgy]/g;

/** An honest pattern takes a few dozen milliseconds on the largest graphs; all other questions wait meanwhile. */
const MAX_PATTERN_MS = 250;

/** The regular expression that a query is, if it is one. Throws `invalid_input` for a broken one. */
export function patternOf(query: string): RegExp | undefined {
  const { source, flags = '' } = PATTERN.exec(query.trim())?.groups ?? {};
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, flags.replaceAll(IDLE_FLAGS, ''));
  } catch (error) {
    throw new AppError('invalid_input', `\`${query}\` is not a regular expression: ${messageOf(error)}.`, {
      hint: 'Without the slashes around it, it is searched for as words.',
    });
  }
}

export interface PatternHit {
  readonly row: number;
  /** The name itself matches, not only with its containers or, of a file, the path. */
  readonly isOwnName: boolean;
}

/**
 * Rows whose name or qualified name, for files the path, matches. Patterns can be written that take for ever on a short
 * name, and which they are can't be told from their looks: so the whole search is stopped from another thread when its
 * time is over, also within a match, and throws `invalid_input`.
 */
export function rowsMatching(view: GraphView, pattern: RegExp): PatternHit[] {
  const hits: PatternHit[] = [];
  const search = (): void => {
    for (let row = 0; row < view.nodeCount; row += 1) {
      if (!view.isThere(row)) continue;
      const isOwnName = pattern.test(view.nameOf(row));
      if (isOwnName || pattern.test(view.qualifiedNameOf(row))) hits.push({ row, isOwnName });
    }
  };
  try {
    runInNewContext('search()', { search }, { timeout: MAX_PATTERN_MS });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new AppError('invalid_input', `Pattern \`${pattern.source}\` takes more than ${MAX_PATTERN_MS} ms.`, {
      hint: 'Avoid repetitions inside repetitions, such as `(a+)+`.',
      cause: error,
    });
  }
  return hits;
}

/** The error comes from the realm of the search: it is no instance of ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
