import { ts } from 'ts-morph';
import type { NodeKind } from '../graph-schema.ts';
import { isTestPath } from '../test-path.ts';
import { CANDIDATE_ROLES } from '../type-source.ts';
import type { CandidateRole, FileScan, ScannedNode } from '../type-source.ts';
import { roleOf } from './candidate-role.ts';
import { anchorOf } from './declaration-anchor.ts';
import { declarationOf, flagsOf } from './declaration-facts.ts';
import type { DeclarationFact } from './declaration-facts.ts';
import { docOf, signatureOf } from './declaration-text.ts';
import { routeOf } from './route-facts.ts';
import { IntColumn } from './int-column.ts';

const ROLE_CODES = new Map<CandidateRole, number>(CANDIDATE_ROLES.map((role, code) => [role, code]));

/** A node under construction: what may still change while its inside is walked. */
type Draft = { -readonly [K in keyof ScannedNode]: ScannedNode[K] };

export interface ScannedFile {
  readonly scan: FileScan;
  /** The declaration of each node, the first where several are one. */
  readonly declarations: readonly ts.Declaration[];
  /** The nodes of the candidates, in the same order. */
  readonly uses: readonly ts.Node[];
  readonly heirs: readonly Heir[];
}

/** A declaration that names base types. */
export type Heir = ts.ClassLikeDeclaration | ts.InterfaceDeclaration;

/** One pre-order walk over one file: what it declares, and which names it uses. Needs the parents set, no types. */
export function scanFile(file: ts.SourceFile, path: string): ScannedFile {
  return new Scan(file, path).run();
}

class Scan {
  readonly #file: ts.SourceFile;
  readonly #path: string;
  readonly #isTestFile: boolean;
  readonly #nodes: Draft[] = [];
  /** First node of each mergeable name, by container, kind, static or not, and name; with where it stands. */
  readonly #mergeable = new Map<string, { readonly index: number; readonly parent: ts.Node }>();
  /** Functions that have their implementation: another one of the same name is another function. */
  readonly #implemented = new Set<number>();
  /** Variables whose value is the result of a call. */
  readonly #made = new Set<number>();
  readonly #declarations: ts.Declaration[] = [];
  readonly #uses: ts.Node[] = [];
  readonly #heirs: Heir[] = [];
  readonly #ordinals = new Map<string, number>();
  readonly #position = new IntColumn(256);
  readonly #role = new IntColumn(256);
  readonly #owner = new IntColumn(256);
  readonly #line = new IntColumn(256);
  readonly #column = new IntColumn(256);

  constructor(file: ts.SourceFile, path: string) {
    this.#file = file;
    this.#path = path;
    this.#isTestFile = isTestPath(path);
  }

  /** An explicit stack: generated expressions nest deeper than the machine's own allows. */
  run(): ScannedFile {
    const stack: { node: ts.Node; owner: number }[] = [{ node: this.#file, owner: -1 }];
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const owner = this.#visit(entry.node, entry.owner);
      const children: { node: ts.Node; owner: number }[] = [];
      // What a route is asked of is no part of it: routes are written in chains.
      const outside =
        this.#nodes[owner]?.kind === 'route' && ts.isCallExpression(entry.node) ? entry.node.expression : undefined;
      ts.forEachChild(entry.node, (node) => {
        children.push({ node, owner: node === outside && owner !== entry.owner ? entry.owner : owner });
      });
      for (let index = children.length - 1; index >= 0; index -= 1) {
        const child = children[index];
        if (child !== undefined) stack.push(child);
      }
    }
    const candidates = {
      count: this.#uses.length,
      position: this.#position.toInts(),
      role: this.#role.toBytes(),
      owner: this.#owner.toInts(),
      line: this.#line.toInts(),
      column: this.#column.toInts(),
    };
    const scan = { path: this.#path, nodes: this.#nodes, candidates };
    return { scan, declarations: this.#declarations, uses: this.#uses, heirs: this.#heirs };
  }

  /** Returns the owner of what is inside. */
  #visit(node: ts.Node, owner: number): number {
    const role = roleOf(node);
    if (role !== undefined) this.#addCandidate(node, role, owner);
    if (isJsx(node)) this.#markComponent(owner);
    if (isHeir(node)) this.#heirs.push(node);
    const fact = declarationOf(node, this.#isTestFile) ?? (this.#isTestFile ? undefined : routeOf(node));
    return fact === undefined ? owner : this.#declare(fact, node, owner);
  }

  #declare(fact: DeclarationFact, node: ts.Node, owner: number): number {
    const container = ts.isParameter(node) ? (this.#nodes[owner]?.container ?? -1) : owner;
    const flags = flagsOf(fact);
    const key = `${container} ${fact.kind} ${flags & 4} ${fact.name}`;
    const former = fact.merges ? this.#mergeable.get(key) : undefined;
    if (former?.parent === node.parent && this.#joins(former.index, node)) return former.index;
    const nameStart = anchorOf(fact.declaration, this.#file);
    const { line, character } = this.#file.getLineAndCharacterOfPosition(nameStart);
    const kindKey = `${container} ${ordinalFamily(fact.kind)} ${fact.name}`;
    const ordinal = this.#ordinals.get(kindKey) ?? 0;
    this.#ordinals.set(kindKey, ordinal + 1);
    const index = this.#nodes.length;
    this.#declarations.push(fact.declaration);
    this.#nodes.push({
      kind: fact.kind,
      name: fact.name,
      container,
      ordinal,
      start: node.getStart(this.#file),
      end: node.getEnd(),
      nameStart,
      line: line + 1,
      column: character + 1,
      flags,
      signature: signatureOf(fact, this.#file),
      doc: docOf(fact.declaration),
    });
    if (fact.merges) this.#mergeable.set(key, { index, parent: node.parent });
    if (isImplementation(node)) this.#implemented.add(index);
    if (isMade(node)) this.#made.add(index);
    return ts.isParameter(node) ? owner : index;
  }

  /** Overloads and accessor pairs are one node; two implementations of one function are two. */
  #joins(former: number, node: ts.Node): boolean {
    const draft = this.#nodes[former];
    if (draft === undefined || (isImplementation(node) && this.#implemented.has(former))) return false;
    if (isImplementation(node)) this.#implemented.add(former);
    draft.end = Math.max(draft.end, node.getEnd());
    return true;
  }

  #markComponent(owner: number): void {
    for (let index = owner; index >= 0;) {
      const draft = this.#nodes[index];
      if (draft === undefined) return;
      if (this.#couldBeComponent(index, draft)) draft.kind = 'component';
      if (draft.kind === 'component') return;
      index = draft.container;
    }
  }

  /** A function with a name as tags have it, or a variable that a call makes: `memo(…)`, `forwardRef(…)`. */
  #couldBeComponent(index: number, { kind, name }: Draft): boolean {
    if (kind !== 'function' && !(kind === 'variable' && this.#made.has(index))) return false;
    return name === 'default' || /^[A-Z]/.test(name);
  }

  #addCandidate(node: ts.Node, role: CandidateRole, owner: number): void {
    const start = node.getStart(this.#file);
    const { line, character } = this.#file.getLineAndCharacterOfPosition(start);
    this.#uses.push(node);
    this.#position.push(start);
    this.#role.push(ROLE_CODES.get(role) ?? 0);
    this.#owner.push(owner);
    this.#line.push(line + 1);
    this.#column.push(character + 1);
  }
}

function isImplementation(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) && node.body !== undefined;
}

/** The kinds that a declaration can change between while it is walked, and so must not share a number in. */
function ordinalFamily(kind: NodeKind): string {
  return kind === 'variable' || kind === 'class' || kind === 'component' ? 'function' : kind;
}

function isMade(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return ts.isCallExpression(node.expression);
  return ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isCallExpression(node.initializer);
}

function isHeir(node: ts.Node): node is Heir {
  return (ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) && node.heritageClauses !== undefined;
}

function isJsx(node: ts.Node): boolean {
  return ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node);
}
