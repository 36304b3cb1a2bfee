import type { Catalog } from '../src/surface/index.ts';
import { codeFile } from './code-file.ts';
import { codeSymbol } from './code-symbol.ts';
import { exportedGraph } from './exported-graph.ts';
import { symbolView } from './symbol-view.ts';
import { runLines } from './run-lines.ts';
import { runView } from './run-view.ts';
import { run } from './run.ts';
import { status } from './status.ts';

/** Every resource, in the order in which agents see them. */
export const resources: Catalog['resources'] = [
  status,
  run,
  runLines,
  codeSymbol,
  codeFile,
  exportedGraph,
  runView,
  symbolView,
];
