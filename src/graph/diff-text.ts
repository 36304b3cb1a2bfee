import { closing, hitLine, pageLines } from './answer-text.ts';
import type { BrokenUseAnswer, ChangedSymbol, DiffAnswer, DiffFile, TestFileAnswer } from './diff-schema.ts';

const HASH_DIGITS = 10;
/** The structured answer holds more; a person reads the beginning. */
const MAX_LINES = 60;

/** What a change reaches, as compact text; sections that are empty are left out. */
export function renderDiff(answer: DiffAnswer): string {
  const { fileTotal, changedTotal, brokenTotal, total, testFileTotal } = answer;
  const sides = `${shortHash(answer.base)} → ${shortHash(answer.head)}`;
  return [
    `change ${sides}: ${fileTotal} files, ${changedTotal} symbols, ${total} affected, ${testFileTotal} test files to run`,
    ...section('files', { lines: answer.files.map(fileLine), total: fileTotal }),
    ...section('changed symbols', { lines: answer.changed.map(changedLine), total: changedTotal }),
    ...section('uses of what is gone', { lines: answer.broken.map(brokenLine), total: brokenTotal }),
    ...section('affected', { lines: answer.affected.map(affectedLine), total: answer.affected.length }),
    ...(total === 0 ? [] : pageLines(answer, answer.affected.length)),
    ...section('tests to run', { lines: answer.tests.map(testLine), total: testFileTotal }),
    ...answer.notes.map((note) => `note: ${note}`),
    ...closing(answer),
  ].join('\n');
}

function section(
  title: string,
  { lines, total }: { readonly lines: readonly string[]; readonly total: number },
): string[] {
  if (lines.length === 0) return [];
  const shown = title === 'affected' ? lines : lines.slice(0, MAX_LINES);
  const rest = total > shown.length ? [`  … ${total - shown.length} more`] : [];
  return [`${title}:`, ...shown.map((line) => `  ${line}`), ...rest];
}

function shortHash(side: string): string {
  if (side === '') return '(nothing)';
  return /^[0-9a-f]{40,}$/.test(side) ? side.slice(0, HASH_DIGITS) : side;
}

function fileLine({ path, status, from, symbols, looseLines, mapping }: DiffFile): string {
  const former = from === undefined ? '' : ` from ${from}`;
  const known =
    mapping === 'none' ? 'not in the index' : `${symbols} symbols${mapping === 'rough' ? ', lines uncertain' : ''}`;
  const loose = looseLines.length === 0 ? '' : `, outside of symbols: line ${looseLines.join(', ')}`;
  return `${status} ${path}${former} - ${known}${loose}`;
}

function changedLine(symbol: ChangedSymbol): string {
  return `${symbol.isCertain ? '' : '? '}${symbol.change} ${hitLine(symbol)}`;
}

function brokenLine({ path, line, user, target, isCertain }: BrokenUseAnswer): string {
  const by = user === path ? '' : ` in ${user}`;
  return `${isCertain ? '' : '? '}${path}:${line} uses ${target}${by}`;
}

function affectedLine(hit: DiffAnswer['affected'][number]): string {
  const certainty = hit.provenance === 'typed' ? '' : ` (${hit.provenance})`;
  return `${hitLine(hit)} ←${hit.depth} ${hit.via}@${hit.useLine} ${hit.through ?? ''}${certainty}`;
}

function testLine({ path, depth, reason, tests, testTotal }: TestFileAnswer): string {
  const more = testTotal > tests.length ? `, … ${testTotal - tests.length} more` : '';
  const names = tests.length === 0 ? '' : `: ${tests.map((name) => JSON.stringify(name)).join(', ')}${more}`;
  return `${path} ←${depth} ${reason}${names}`;
}
