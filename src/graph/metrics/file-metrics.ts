import type { ts } from 'ts-morph';
import { isTestPath } from '../test-path.ts';
import { complexityOf } from './function-complexity.ts';
import type { Complexity } from './function-complexity.ts';
import { functionUnitsOf } from './function-units.ts';
import type { FunctionUnit } from './function-units.ts';
import { moduleUsesOf } from './module-uses.ts';
import type { ModuleUses } from './module-uses.ts';
import { lineAt, parseForMetrics } from './parsed-file.ts';

export interface FunctionMetrics extends Complexity {
  readonly name: string;
  /** Offset of its first character, to find it in the graph by. */
  readonly start: number;
  /** 1-based. */
  readonly line: number;
  readonly lines: number;
}

/** What the text of one file says, whatever is around it. */
export interface FileMetrics {
  readonly functions: readonly FunctionMetrics[];
  readonly modules: ModuleUses;
}

export function measureFile(path: string, text: string): FileMetrics {
  const file = parseForMetrics(path, text);
  const units = functionUnitsOf(file, isTestPath(path));
  const nodes = new Set<ts.Node>(units.map(({ node }) => node));
  return { functions: units.map((unit) => metricsOf(unit, file, nodes)), modules: moduleUsesOf(file) };
}

function metricsOf(unit: FunctionUnit, file: ts.SourceFile, units: ReadonlySet<ts.Node>): FunctionMetrics {
  const start = unit.node.getStart(file);
  const line = lineAt(file, start);
  const lines = lineAt(file, unit.node.getEnd()) - line + 1;
  return { name: unit.name, start, line, lines, ...complexityOf(unit, units) };
}
