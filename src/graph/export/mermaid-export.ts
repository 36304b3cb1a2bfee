import type { DrawnGraph } from './drawn-graph.ts';

/** A Mermaid flowchart. */
export function* mermaidExport({ groups, lines }: DrawnGraph): Generator<string> {
  yield 'flowchart LR\n';
  for (const [at, { title, nodes }] of groups.entries()) {
    yield `  subgraph g${at}["${escapeLabel(title)}"]\n`;
    for (const { name, label } of nodes) yield `    ${name}["${escapeLabel(label)}"]\n`;
    yield '  end\n';
  }
  for (const { from, to, label, isDashed } of lines) yield `  ${from} ${isDashed ? '-.->' : '-->'}|${label}| ${to}\n`;
}

/** Inside of quotes only these have a meaning; `#` begins an entity, a backtick Markdown. */
function escapeLabel(text: string): string {
  return text.replaceAll(/[#"<>&`]/g, (char) => `#${char.charCodeAt(0)};`);
}
