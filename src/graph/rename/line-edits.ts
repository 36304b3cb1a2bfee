import type { LineEdit } from '../rename-schema.ts';
import type { RenamedFile, TextEdit } from './file-edits.ts';

/** Of a longer line only a part is shown: it is generated, and nobody reads it. */
const MAX_LINE = 240;
const SHOWN_BEFORE = 60;

/** The edits of a file as lines before and after; several in one line are one. */
export function lineEditsOf({ path, source, edits }: RenamedFile): LineEdit[] {
  const byLine = new Map<number, TextEdit[]>();
  for (const edit of edits) {
    const { line } = source.placeOf(edit.offset);
    byLine.set(line, [...(byLine.get(line) ?? []), edit]);
  }
  return [...byLine].map(([line, inLine]) => {
    const before = source.lineText(line);
    const start = source.offsetOf(line, 1);
    const columns = inLine.map(({ offset }) => offset - start + 1);
    const from = before.length > MAX_LINE ? Math.max(0, (columns[0] ?? 1) - 1 - SHOWN_BEFORE) : 0;
    return {
      path,
      line,
      columns,
      before: before.slice(from, from + MAX_LINE),
      after: applied(before, inLine, start).slice(from, from + MAX_LINE),
      reasons: [...new Set(inLine.map(({ reason }) => reason))],
    };
  });
}

function applied(line: string, edits: readonly TextEdit[], start: number): string {
  let text = '';
  let done = 0;
  for (const { offset, length, text: replacement } of edits) {
    text += line.slice(done, offset - start) + replacement;
    done = offset - start + length;
  }
  return text + line.slice(done);
}
