import { KIND } from '../flat/flat-kinds.ts';
import { nodeAt, nodesAt } from './estree-node.ts';
import type { EsNode } from './estree-node.ts';
import { DECLARATION_FLATTENERS } from './flatten-declarations.ts';
import type { Flattener, Flattening } from './flattening.ts';

/** Import and export declarations. */

const importDeclaration: Flattener = (into, node) => {
  const specifiers = nodesAt(node, 'specifiers');
  into.node({ kind: KIND.ImportDeclaration, pos: node.start, end: node.end }, () => {
    if (specifiers.length > 0) importClause(into, specifiers);
    into.child(2, nodeAt(node, 'source'));
  });
};

function importClause(into: Flattening, specifiers: readonly EsNode[]): void {
  const own = specifiers.find(({ type }) => type === 'ImportDefaultSpecifier');
  const others = specifiers.filter((each) => each !== own);
  const place = { pos: specifiers[0]?.start ?? 0, end: specifiers.at(-1)?.end ?? 0 };
  into.writer.at(1);
  into.node({ kind: KIND.ImportClause, ...place }, () => {
    into.child(0, own === undefined ? undefined : nodeAt(own, 'local'));
    const [first] = others;
    if (first === undefined) return;
    into.writer.at(1);
    if (first.type === 'ImportNamespaceSpecifier') {
      into.node({ kind: KIND.NamespaceImport, pos: first.start, end: first.end }, () => {
        into.child(0, nodeAt(first, 'local'));
      });
    } else {
      specifierList(into, KIND.NamedImports, others);
    }
  });
}

function specifierList(into: Flattening, kind: number, specifiers: readonly EsNode[]): void {
  const pos = specifiers[0]?.start ?? 0;
  into.node({ kind, pos, end: specifiers.at(-1)?.end ?? pos }, () => into.list(0, specifiers));
}

/** Of `a as b` both names are there, of `a` only the one that is given. */
function specifier(kind: number, given: string, taken: string): Flattener {
  return (into, node) => {
    const name = nodeAt(node, given);
    const property = nodeAt(node, taken);
    into.node({ kind, pos: node.start, end: node.end }, () => {
      if (property?.start !== name?.start) into.child(0, property);
      into.child(1, name);
    });
  };
}

const exportNamed: Flattener = (into, node) => {
  const declaration = nodeAt(node, 'declaration');
  const flattener = declaration === undefined ? undefined : DECLARATION_FLATTENERS.get(declaration.type);
  if (declaration !== undefined && flattener !== undefined) {
    flattener(into, declaration, { start: node.start, end: node.end, isDefault: false });
    return;
  }
  into.node({ kind: KIND.ExportDeclaration, pos: node.start, end: node.end }, () => {
    into.writer.at(1);
    specifierList(into, KIND.NamedExports, nodesAt(node, 'specifiers'));
    into.child(2, nodeAt(node, 'source'));
  });
};

const exportAll: Flattener = (into, node) => {
  into.node({ kind: KIND.ExportDeclaration, pos: node.start, end: node.end }, () => {
    const name = nodeAt(node, 'exported');
    if (name !== undefined) {
      into.writer.at(1);
      into.node({ kind: KIND.NamespaceExport, pos: name.start, end: name.end }, () => into.child(0, name));
    }
    into.child(2, nodeAt(node, 'source'));
  });
};

const DEFAULT_DECLARATIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'TSDeclareFunction',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
]);

const exportDefault: Flattener = (into, node) => {
  const declaration = nodeAt(node, 'declaration');
  const isDeclared = declaration !== undefined && DEFAULT_DECLARATIONS.has(declaration.type);
  const flattener = isDeclared ? DECLARATION_FLATTENERS.get(declaration.type) : undefined;
  if (declaration !== undefined && flattener !== undefined) {
    flattener(into, declaration, { start: node.start, end: node.end, isDefault: true });
    return;
  }
  exportValue(into, node, declaration);
};

function exportValue(into: Flattening, node: EsNode, value: EsNode | undefined): void {
  into.node({ kind: KIND.ExportAssignment, pos: node.start, end: node.end }, () => into.child(2, value));
}

export const LINKAGE_FLATTENERS: readonly (readonly [string, Flattener])[] = [
  ['ImportDeclaration', importDeclaration],
  ['ImportSpecifier', specifier(KIND.ImportSpecifier, 'local', 'imported')],
  ['ExportNamedDeclaration', exportNamed],
  ['ExportSpecifier', specifier(KIND.ExportSpecifier, 'exported', 'local')],
  ['ExportAllDeclaration', exportAll],
  ['ExportDefaultDeclaration', exportDefault],
  ['TSExportAssignment', (into, node) => exportValue(into, node, nodeAt(node, 'expression'))],
];
