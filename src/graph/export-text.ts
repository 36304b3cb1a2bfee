import { closing } from './answer-text.ts';
import type { ExportAnswer } from './export-schema.ts';

/** The export itself when it came along, else where it lies. */
export function renderExport(answer: ExportAnswer): string {
  const { format, level, nodes, edges, bytes, content, file } = answer;
  const what = format === 'scip' ? `${nodes} symbols, ${edges} occurrences` : `${nodes} nodes, ${edges} edges`;
  return [
    `${format} of ${level}s: ${what}, ${bytes} bytes`,
    ...(file === undefined ? [] : [`file: ${file}`]),
    ...answer.notes.map((note) => `note: ${note}`),
    ...closing(answer),
    ...(content === undefined ? [] : [content]),
  ].join('\n');
}
