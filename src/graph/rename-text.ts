import { candidateLines, closing, hitLine, pageLines } from './answer-text.ts';
import type { LineEdit, NameMention, RenameAnswer, RenameConflict, SkippedPlace } from './rename-schema.ts';

/** A preview as compact text: conflicts first, then each changed line before and after, then what is uncertain. */
export function renderRename(answer: RenameAnswer): string {
  if (answer.symbol === undefined) return [...candidateLines(answer), ...closing(answer)].join('\n');
  const head = `rename ${hitLine(answer.symbol)} → ${answer.newName}: ${answer.total} lines in ${answer.editedFiles} files`;
  return [
    head,
    ...section('has to be renamed with it', answer.along.map(hitLine), answer.along.length),
    ...section('conflicts', answer.conflicts.map(conflictLine), answer.conflicts.length),
    ...editLines(answer.edits),
    ...(answer.total === 0 ? [] : pageLines(answer, answer.edits.length)),
    ...section('left as they are', answer.skipped.map(skippedLine), answer.skippedTotal),
    ...section('uncertain', answer.uncertain.map(mentionLine), answer.uncertainTotal),
    ...answer.notes.map((note) => `note: ${note}`),
    ...closing(answer),
  ].join('\n');
}

function section(title: string, lines: readonly string[], total: number): string[] {
  if (lines.length === 0) return [];
  const rest = total > lines.length ? [`  … ${total - lines.length} more`] : [];
  return [`${title}:`, ...lines.map((line) => `  ${line}`), ...rest];
}

function conflictLine({ path, line, isCertain, reason }: RenameConflict): string {
  return `${isCertain ? '' : '? '}${path}:${line} ${reason}`;
}

function editLines(edits: readonly LineEdit[]): string[] {
  return edits.flatMap(({ path, line, before, after, reasons }, at) => [
    ...(edits[at - 1]?.path === path ? [] : [path]),
    `  ${line} ${reasons.join(', ')}`,
    `  - ${before.trim()}`,
    `  + ${after.trim()}`,
  ]);
}

function skippedLine({ path, line, reason }: SkippedPlace): string {
  return `${path}:${line} ${reason}`;
}

function mentionLine({ path, line, kind, text }: NameMention): string {
  return `${kind} ${path}:${line} ${text}`;
}
