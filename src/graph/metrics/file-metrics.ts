import { ts } from 'ts-morph';
import { isTestPath } from '../test-path.ts';
import { complexityOf } from './function-complexity.ts';
import type { Complexity } from './function-complexity.ts';
import { functionUnitsOf } from './function-units.ts';
import type { FunctionUnit } from './function-units.ts';

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
}

export function measureFile(path: string, text: string): FileMetrics {
  const file = parseForMetrics(path, text);
  const units = functionUnitsOf(file, isTestPath(path));
  const nodes = new Set<ts.Node>(units.map(({ node }) => node));
  return { functions: units.map((unit) => metricsOf(unit, file, nodes)) };
}

function metricsOf(unit: FunctionUnit, file: ts.SourceFile, units: ReadonlySet<ts.Node>): FunctionMetrics {
  const start = unit.node.getStart(file);
  const line = lineAt(file, start);
  const lines = lineAt(file, unit.node.getEnd()) - line + 1;
  return { name: unit.name, start, line, lines, ...complexityOf(unit, units) };
}

/** The parents are set; comments are not looked into. */
export function parseForMetrics(path: string, text: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, text, options, true);
}

/** 1-based. */
export function lineAt(file: ts.SourceFile, offset: number): number {
  return file.getLineAndCharacterOfPosition(offset).line + 1;
}
