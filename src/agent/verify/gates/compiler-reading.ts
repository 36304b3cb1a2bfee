import { isAbsolute } from 'node:path';
import { brief } from './gate-reading.ts';
import type { Diagnostic, GateReader, ReadPlace } from './gate-reading.ts';
import { pathWithin, withoutPlace } from './place-paths.ts';

const LOCATED = /^(.+?)\(\d+,\d+\): error TS(\d+): (.*)$/;
const GENERAL = /^error TS(\d+): (.*)$/;
/** A configuration without files, or whose files belong to others, has nothing to say. */
const HARMLESS = new Set(['18002', '18003']);
/** Errors of syntax; those above have numbers of their kind too, but are found by the checker. */
const LAST_SYNTAX_CODE = 1_189;

/**
 * `tsc --pretty false --listFiles`. With an error of syntax or of the options anywhere, it looks for no errors of types: such
 * a run says nothing of them.
 */
export const readCompiler: GateReader = ({ stdout }, place) => {
  const diagnostics: Diagnostic[] = [];
  const covered: string[] = [];
  let hides = false;
  for (const entry of entriesOf(stdout)) {
    const [first = ''] = entry;
    const code = LOCATED.exec(first)?.[2] ?? GENERAL.exec(first)?.[1];
    if (code === undefined) {
      if (isAbsolute(first)) covered.push(pathWithin(place, first));
    } else if (!HARMLESS.has(code)) {
      diagnostics.push(diagnosticOf(entry, code, place));
      hides ||= GENERAL.test(first) || (code.length === 4 && Number(code) <= LAST_SYNTAX_CODE);
    }
  }
  const isSilent = diagnostics.length === 0 && covered.length === 0;
  const partial = hides ? 'Errors of syntax or options keep the compiler from looking for errors of types.' : undefined;
  return { diagnostics: isSilent ? undefined : diagnostics, passed: [], covered, partial };
};

/** Each message with the lines that explain it, which are indented. */
function entriesOf(output: string): string[][] {
  const entries: string[][] = [];
  for (const line of output.split(/\r?\n/)) {
    if (/^\s+\S/.test(line)) entries.at(-1)?.push(line.trim());
    else if (line !== '') entries.push([line]);
  }
  return entries;
}

function diagnosticOf([first = '', ...more]: readonly string[], code: string, place: ReadPlace): Diagnostic {
  const [, written, , located] = LOCATED.exec(first) ?? [];
  const path = written === undefined ? undefined : pathWithin(place, written);
  const message = withoutPlace(place.root, located ?? GENERAL.exec(first)?.[2] ?? '');
  const rule = `ts/${code}`;
  const where = path === undefined ? '' : `${path}: `;
  return {
    key: `${where}${rule} ${withoutPlace(place.root, [message, ...more].join(' '))}`,
    rule,
    path,
    isError: true,
    text: `${where}TS${code} ${brief(message)}`,
  };
}
