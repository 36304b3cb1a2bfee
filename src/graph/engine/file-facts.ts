import { ts } from 'ts-morph';
import { isConstructed, moduleSpecifierRole } from './candidate-role.ts';
import { exportNameOfValue, isRequire } from './common-js.ts';
import { anchorOf } from './declaration-anchor.ts';
import { FORM } from './fact-forms.ts';
import type { FileFacts, HeirFacts, Link, OtherName } from './fact-forms.ts';
import type { Heir, ScannedFile } from './file-scan.ts';
import { inheritableName, isStatic, membersOf } from './heir-members.ts';
import { isKey, literalOfKey } from './literal-keys.ts';
import { linkNameOf } from './link-name.ts';
import { spanKey } from './span.ts';
import type { Span } from './span.ts';

/** Something by which a name of the file can stand for a whole module. */
const NAMESPACE = /\bimport\s*\*|\b(?:import|require)\s*\(/;

export function fileFactsOf(scanned: ScannedFile, file: ts.SourceFile): FileFacts {
  const facts = new FactsBuilder(file);
  for (const [index, use] of scanned.uses.entries()) facts.addUse(index, use);
  const { nodes } = scanned.scan;
  const constructors = new Map<number, number>();
  for (const [index, declaration] of scanned.declarations.entries()) {
    const node = nodes[index];
    if (node === undefined) continue;
    facts.addDeclaration(declaration, node.nameStart);
    const holder = nodes[node.container];
    if (node.kind === 'constructor' && holder !== undefined) constructors.set(holder.nameStart, node.nameStart);
  }
  return { ...facts.build(), constructors, heirs: scanned.heirs.map((heir) => heirFactsOf(heir, file)) };
}

class FactsBuilder {
  readonly #file: ts.SourceFile;
  readonly #texts: string[] = [];
  readonly #forms: number[] = [];
  readonly #around = new Map<number, Span>();
  readonly #literals = new Map<number, Span>();
  readonly #declared = new Map<number, number>();
  readonly #held = new Map<number, number>();
  readonly #links = new Map<number, Link>();
  readonly #otherNames = new Map<number, OtherName>();
  readonly #linkNames = new Set<string>();
  readonly #hasNamespaces: boolean;

  constructor(file: ts.SourceFile) {
    this.#file = file;
    this.#hasNamespaces = NAMESPACE.test(file.text);
  }

  addUse(index: number, use: ts.Node): void {
    this.#texts.push('text' in use && typeof use.text === 'string' ? use.text : '');
    const linkName = linkNameOf(use);
    if (linkName !== undefined) this.#linkNames.add(linkName);
    let form = ts.isPartOfTypeNode(use) ? FORM.type : 0;
    if (ts.isStringLiteralLike(use) && moduleSpecifierRole(use) !== undefined) form |= FORM.module;
    if (use.kind === ts.SyntaxKind.SuperKeyword) form |= FORM.super;
    if (isConstructed(use)) form |= FORM.constructs;
    const literal = literalOfKey(use);
    if (literal !== undefined) this.#literals.set(index, spanOf(literal));
    if (isKey(use)) form |= FORM.key;
    this.#forms.push(form | this.#formAround(index, use));
    this.#addLink(use);
  }

  addDeclaration(declaration: ts.Node, anchor: number): void {
    this.#declared.set(spanKey(declaration), anchor);
    const held = heldBy(declaration);
    if (held !== undefined) this.#held.set(spanKey(held), anchor);
  }

  build(): Omit<FileFacts, 'constructors' | 'heirs'> {
    return {
      texts: this.#texts,
      forms: Uint8Array.from(this.#forms),
      around: this.#around,
      literals: this.#literals,
      declared: this.#declared,
      held: this.#held,
      links: this.#links,
      otherNames: this.#otherNames,
      linkNames: this.#linkNames,
    };
  }

  #formAround(index: number, use: ts.Node): number {
    const { parent } = use;
    if (ts.isShorthandPropertyAssignment(parent)) {
      this.#around.set(index, spanOf(parent));
      if (exportNameOfValue(use) !== undefined) {
        this.#otherNames.set(spanKey(parent), { as: 'shorthand', node: spanOf(parent) });
      }
      return FORM.shorthand;
    }
    if (ts.isPropertyAssignment(parent) && exportNameOfValue(use) !== undefined) {
      this.#otherNames.set(spanKey(parent), { as: 'value', position: use.getStart(this.#file) });
    }
    if (!ts.isBindingElement(parent) || !ts.isObjectBindingPattern(parent.parent)) return 0;
    if (parent.initializer === use || !('text' in use) || typeof use.text !== 'string') return 0;
    if (this.#couldTakeExport(parent)) {
      this.#otherNames.set(spanKey(parent), { as: 'bound', pattern: spanOf(parent.parent), key: use.text });
    }
    if (parent.name !== use) return 0;
    this.#around.set(index, spanOf(parent.parent));
    return FORM.bound;
  }

  /** Whether `{ x } = …` may take an export out of a module: of an awaited import, or of a namespace. */
  #couldTakeExport({ parent: { parent: variable } }: ts.BindingElement): boolean {
    const { initializer } = ts.isVariableDeclaration(variable) ? variable : { initializer: undefined };
    if (initializer === undefined) return false;
    if (ts.isIdentifier(initializer)) return this.#hasNamespaces;
    return ts.isAwaitExpression(initializer) || (ts.isCallExpression(initializer) && isRequire(initializer));
  }

  #addLink(use: ts.Node): void {
    const { parent } = use;
    const declaration = linkageAround(parent);
    if (declaration?.moduleSpecifier === undefined || declaration.attributes !== undefined) return;
    const specifier = declaration.moduleSpecifier.getStart(this.#file);
    if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) {
      this.#links.set(spanKey(parent), { specifier, name: (parent.propertyName ?? parent.name).text });
    } else if (ts.isImportClause(parent) && parent.name === use) {
      this.#links.set(spanKey(parent), { specifier, name: 'default' });
    } else if (ts.isNamespaceImport(parent)) {
      this.#links.set(spanKey(parent), { specifier, name: '*' });
    }
  }
}

function linkageAround(parent: ts.Node): ts.ImportDeclaration | ts.ExportDeclaration | undefined {
  if (ts.isImportSpecifier(parent)) return importAround(parent.parent.parent);
  if (ts.isExportSpecifier(parent)) return parent.parent.parent;
  if (ts.isNamespaceImport(parent)) return importAround(parent.parent);
  return ts.isImportClause(parent) ? importAround(parent) : undefined;
}

function importAround({ parent }: ts.ImportClause): ts.ImportDeclaration | undefined {
  return ts.isImportDeclaration(parent) ? parent : undefined;
}

/** The class or function expression that a declaration is the name of. */
function heldBy(declaration: ts.Node): ts.Expression | undefined {
  let value: ts.Expression | undefined;
  if (ts.isVariableDeclaration(declaration)) value = declaration.initializer;
  else if (ts.isExportAssignment(declaration)) value = declaration.expression;
  else if (ts.isBinaryExpression(declaration)) value = declaration.right;
  return value !== undefined && (ts.isClassExpression(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function heirFactsOf(heir: Heir, file: ts.SourceFile): HeirFacts {
  const bases = (heir.heritageClauses ?? []).flatMap((clause) => {
    const isImplements = clause.token === ts.SyntaxKind.ImplementsKeyword;
    const kind = isImplements ? ('implements' as const) : ('overrides' as const);
    const hasStatics = !isImplements && ts.isClassLike(heir);
    return clause.types.map((base) => ({ kind, span: spanOf(base), hasStatics }));
  });
  const members = membersOf(heir).flatMap((member) => {
    const name = inheritableName(member);
    return name === undefined ? [] : [{ name, isStatic: isStatic(member), nameStart: anchorOf(member, file) }];
  });
  return { bases, members };
}

function spanOf({ pos, end }: ts.Node): Span {
  return { pos, end };
}
