import { createRequire } from 'node:module';
import type { ts } from 'ts-morph';

type Compiler = typeof ts;

const load: (id: 'ts-morph') => { readonly ts: Compiler } = createRequire(import.meta.url);

/** The compiler is large, and only loaded when there is something to mend. */
export function compiler(): Compiler {
  return load('ts-morph').ts;
}

/** The tree of a file, whose nodes know their parents. Code that can't be parsed has errors in {@link isBroken}. */
export function parseFile(path: string, text: string): ts.SourceFile {
  const { createSourceFile, ScriptTarget } = compiler();
  return createSourceFile(path, text, ScriptTarget.Latest, true);
}

export function isBroken(path: string, text: string): boolean {
  const { transpileModule, ScriptTarget, JsxEmit } = compiler();
  const compilerOptions = { target: ScriptTarget.ESNext, jsx: JsxEmit.Preserve, allowJs: true };
  const { diagnostics = [] } = transpileModule(text, { fileName: path, compilerOptions, reportDiagnostics: true });
  return diagnostics.length > 0;
}

/** Every node below, parents first. */
export function* nodesIn(root: ts.Node): Generator<ts.Node> {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    const children: ts.Node[] = [];
    compiler().forEachChild(node, (child) => void children.push(child));
    pending.push(...children.toReversed());
  }
}

/** The line that a node begins on, from 1. */
export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Whether an identifier stands for something in scope: the name of a property or of a declaration's member does not. */
export function isReference(node: ts.Identifier): boolean {
  const ts = compiler();
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isPropertyAssignment(parent) || ts.isJsxAttribute(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isImportSpecifier(parent)) return false;
  if (ts.isExportSpecifier(parent)) return parent.parent.parent.moduleSpecifier === undefined && parent.name !== node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  const isMember = ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isEnumMember(parent);
  return !(isMember && parent.name === node);
}
