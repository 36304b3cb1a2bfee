import { ts } from 'ts-morph';

/**
 * The offset that stands for a declaration: where its name begins, or where it begins itself when it has none
 * (constructors, default exports). Scan and resolution meet here: both must see the same number.
 */
export function anchorOf(declaration: ts.Declaration, file: ts.SourceFile): number {
  if (ts.isConstructorDeclaration(declaration) || ts.isExportAssignment(declaration)) return declaration.getStart(file);
  return (ts.getNameOfDeclaration(declaration) ?? declaration).getStart(file);
}
