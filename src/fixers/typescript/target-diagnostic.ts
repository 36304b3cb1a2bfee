import { ts } from 'ts-morph';
import type { FixTarget } from '../fixer.ts';
import type { OverlayProject } from './overlay-project.ts';

/** An error that is to be mended, in the project that has it. */
export interface TargetDiagnostic {
  readonly project: OverlayProject;
  /** Absolute. */
  readonly path: string;
  readonly file: ts.SourceFile;
  readonly code: number;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly diagnostic: ts.Diagnostic;
}

/**
 * The error that the target speaks of: of its code, at its line; where none is there any more, the only one of its code and
 * message in the file. Undefined when this compiler does not see it.
 */
export function findTarget(project: OverlayProject, path: string, target: FixTarget): TargetDiagnostic | undefined {
  const file = project.program().getSourceFile(path);
  const code = Number(target.rule.replace(/^ts\//, ''));
  if (file === undefined || !Number.isInteger(code)) return undefined;
  const same = project.knownDiagnosticsOf(path).filter((diagnostic) => diagnostic.code === code);
  const said = same.filter((diagnostic) => firstLine(messageOfDiagnostic(diagnostic)) === firstLine(target.message));
  const here = (each: ts.Diagnostic): boolean => lineOf(file, each.start ?? 0) === target.line;
  const found = said.find(here) ?? same.find(here) ?? (said.length === 1 ? said[0] : undefined);
  if (found === undefined) return undefined;
  const start = found.start ?? 0;
  return {
    project,
    path,
    file,
    code,
    start,
    end: start + (found.length ?? 0),
    message: messageOfDiagnostic(found),
    diagnostic: found,
  };
}

export function messageOfDiagnostic({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, '\n');
}

/** What makes two errors of a file the same, wherever they stand. Who imports a file is no part of what is wrong with it. */
export function keyOfDiagnostic(diagnostic: ts.Diagnostic): string {
  const [said = ''] = messageOfDiagnostic(diagnostic).split('\n  The file is in the program because');
  return `TS${diagnostic.code}: ${said}`;
}

/** The innermost node that has all of the text. */
export function nodeAt(file: ts.SourceFile, start: number, end: number): ts.Node {
  let found: ts.Node = file;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > start || node.end < end) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

/** The statement or member that the node stands in, or the file. */
export function statementOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isSourceFile(at) && !ts.isStatement(at) && !isMember(at)) at = at.parent;
  return at;
}

function isMember(node: ts.Node): boolean {
  return ts.isClassElement(node) || ts.isTypeElement(node);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

/** From 1. */
function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}
