/** One row of the table of edges between subsystems. */
export interface DeclaredEdge {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const HEADING = '## Edges between subsystems';

/** Reads the rows `| from | to | why |` below the heading; throws when the heading or the header row is missing. */
export function parseEdgeTable(markdown: string): DeclaredEdge[] {
  const lines = markdown.split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === HEADING);
  if (start < 0) throw new Error(`No heading "${HEADING}".`);
  const section = lines.slice(start + 1);
  const end = section.findIndex((line) => line.startsWith('## '));
  const rows = (end < 0 ? section : section.slice(0, end)).filter((line) => line.trim().startsWith('|')).map(cellsOf);
  if (rows[0]?.join() !== 'from,to,why')
    throw new Error(`The table below "${HEADING}" must begin with | from | to | why |.`);
  return rows.slice(2).map(([from = '', to = '', why = '']) => ({ from, to, why }));
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));
}
