import { readLintOutput } from '../../../core/lint-output.ts';
import type { LinterName } from '../../../core/lint-output.ts';
import { brief, UNREAD } from './gate-reading.ts';
import type { Diagnostic, GateReader } from './gate-reading.ts';
import { pathWithin } from './place-paths.ts';

/** `eslint -f json`. */
export const readEslint = readerOf('eslint', '[');
/** `oxlint -f json`. */
export const readOxlint = readerOf('oxlint', '{');
/** `biome lint --reporter=json`. */
export const readBiome = readerOf('biome', '{');

/** Scripts of packages write lines of their own before and after. A program that fails writes something else, or nothing. */
function readerOf(name: LinterName, opening: '[' | '{'): GateReader {
  return ({ stdout }, place) => {
    try {
      const from = stdout.search(opening === '[' ? /^\[/m : /^\{/m);
      const to = stdout.lastIndexOf(opening === '[' ? ']' : '}');
      const messages = readLintOutput(name, JSON.parse(stdout.slice(Math.max(0, from), to + 1)));
      const diagnostics = messages.map(({ file, rule, isError, message }): Diagnostic => {
        const path = file === undefined ? undefined : pathWithin(place, file);
        const text = `${path ?? ''}: ${name}/${rule} ${brief(message)}`;
        return { key: text, rule: `${name}/${rule}`, path, isError, text };
      });
      return { diagnostics, passed: [], covered: [] };
    } catch {
      return UNREAD;
    }
  };
}
