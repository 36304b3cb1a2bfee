import { isAbsolute } from 'node:path';
import { UNREAD } from './gate-reading.ts';
import type { Diagnostic, GateReader, ReadPlace } from './gate-reading.ts';
import { pathWithin } from './place-paths.ts';
import { failure } from './suite-reading.ts';

const POINT = /^((?: {4})*)(not )?ok\b *\d* *(?:- )?(.*)$/;
const SUBTEST = /^((?: {4})*)# Subtest: (.*)$/;
const DIRECTIVE = /(?:^|[^\\])#\s*(?:SKIP|TODO)\b/i;

/**
 * The Test Anything Protocol, version 13 and 14, with subtests as Node and node-tap indent them. Tests around others are
 * known by those; skipped ones and ones that are still to be done are neither passed nor failed.
 */
export const readTap: GateReader = ({ stdout }, place) => {
  if (!/^TAP version \d+/m.test(stdout) && !/^1\.\.\d+/m.test(stdout)) return UNREAD;
  const walk = new TapWalk(place);
  for (const line of stdout.split(/\r?\n/)) walk.take(line);
  const isEnded = /^1\.\.\d+/m.test(stdout);
  const partial = isEnded ? undefined : 'The tests ended before they said how many they are.';
  return { diagnostics: walk.diagnostics, passed: walk.passed, covered: [], partial };
};

class TapWalk {
  readonly diagnostics: Diagnostic[] = [];
  readonly passed: string[] = [];
  readonly #place: ReadPlace;
  /** Names of the subtests that are open, by depth. */
  readonly #names: string[] = [];
  /** Whether a test of this depth had others in it, and whether one of them failed. */
  readonly #inner: { hasTests: boolean; hasFailed: boolean }[] = [];
  #messageOf: number | undefined;

  constructor(place: ReadPlace) {
    this.#place = place;
  }

  take(line: string): void {
    const [, indent, name = ''] = SUBTEST.exec(line) ?? [];
    if (indent !== undefined) {
      this.#names.length = indent.length / 4;
      this.#names.push(this.#shown(name));
      return;
    }
    const point = POINT.exec(line);
    if (point !== null) this.#takePoint(point);
    else this.#takeMessage(line);
  }

  #takePoint([, indent = '', not, rest = '']: RegExpExecArray): void {
    const depth = indent.length / 4;
    const inner = this.#inner[depth + 1] ?? { hasTests: false, hasFailed: false };
    this.#inner.length = depth + 1;
    const around = this.#inner[depth] ?? { hasTests: false, hasFailed: false };
    const isFailed = not !== undefined && !DIRECTIVE.test(rest);
    this.#inner[depth] = { hasTests: true, hasFailed: around.hasFailed || isFailed };
    this.#messageOf = undefined;
    if (DIRECTIVE.test(rest)) return;
    const key = [...this.#names.slice(0, depth), this.#shown(rest)].join(' › ');
    if (isFailed && !inner.hasFailed) {
      this.#messageOf = this.diagnostics.push(failure(undefined, key, '')) - 1;
    } else if (!isFailed && !inner.hasTests) this.passed.push(key);
  }

  /** `error: '1 == 2'` of the block below a failing point. */
  #takeMessage(line: string): void {
    const said = /^\s+(?:error|message): +(?!\|)['"]?(.*?)['"]?$/.exec(line)?.[1];
    const found = this.#messageOf === undefined ? undefined : this.diagnostics[this.#messageOf];
    if (said === undefined || found === undefined || this.#messageOf === undefined) return;
    this.diagnostics[this.#messageOf] = failure(undefined, found.key, said);
    this.#messageOf = undefined;
  }

  #shown(name: string): string {
    const text = name
      .replace(/\s+#\s*time=.*$/, '')
      .replaceAll(/\\([#\\])/g, '$1')
      .trim();
    return isAbsolute(text) ? pathWithin(this.#place, text) : text;
  }
}
