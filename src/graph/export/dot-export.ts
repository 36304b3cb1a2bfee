import type { DrawnGraph } from './drawn-graph.ts';

/** A directed graph in the language of Graphviz. */
export function* dotExport({ groups, lines }: DrawnGraph): Generator<string> {
  yield 'digraph code {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const [at, { title, nodes }] of groups.entries()) {
    yield `  subgraph cluster_${at} {\n    label=${quoted(title)};\n`;
    for (const { name, label } of nodes) yield `    ${name} [label=${quoted(label)}];\n`;
    yield '  }\n';
  }
  for (const { from, to, label, isDashed } of lines) {
    yield `  ${from} -> ${to} [label=${quoted(label)}${isDashed ? ', style=dashed' : ''}];\n`;
  }
  yield '}\n';
}

/** Labels know escapes like `\n` and `\N`, and entities like `&amp;`: neither is meant. */
function quoted(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
