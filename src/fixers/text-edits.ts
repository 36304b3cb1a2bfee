/** The text from `start` up to `end` (in UTF-16 units) becomes `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits in the order of their places; one that overlaps an earlier one is left out. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * Where a removal from `start` that would end at `end` has to end. A semicolon that begins a line ends the statement above and keeps
 * the next one apart from what is left: `;[1, 2].map(…)`. It stays, indented as it was.
 */
export function endOfRemoval(text: string, { start, end }: Pick<TextEdit, 'start' | 'end'>): number {
  const semicolon = end - 1;
  if (semicolon < start || text[semicolon] !== ';' || !/^[ \t]*[[(`/+-]/.test(text.slice(end))) return end;
  const line = text.lastIndexOf('\n', semicolon) + 1;
  if (line < start || /\S/.test(text.slice(line, semicolon))) return end;
  return start === 0 || text[start - 1] === '\n' ? line : semicolon;
}

/** The text of a line, counted from 1, without the blanks around it; empty where there is none. */
export function lineAt(text: string, line: number | undefined): string {
  return line === undefined ? '' : (text.split('\n')[line - 1] ?? '').trim();
}

/** What stays the same of a message when lines and counts change with edits elsewhere. */
export function withoutNumbers(message: string): string {
  return message
    .replaceAll(/\b\d+\b/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
