import { KIND } from './flat-kinds.ts';
import type { FileFacts, HeirFacts } from '../fact-forms.ts';
import { IntColumn } from '../int-column.ts';
import { isTestPath } from '../../test-path.ts';
import { CANDIDATE_ROLES } from '../../type-source.ts';
import type { CandidateRole, FileScan } from '../../type-source.ts';
import { ExportPatterns } from './export-patterns.ts';
import { declarationOf, DECLARING_KINDS } from './flat-declaration.ts';
import type { FlatFact } from './flat-fact.ts';
import { docOf } from './flat-doc.ts';
import { FlatDrafts } from './flat-drafts.ts';
import { FlatFacts } from './flat-facts.ts';
import { heirFactsOf } from './flat-heirs.ts';
import { FlatLines } from './flat-lines.ts';
import { FlatScopes } from './flat-scopes.ts';
import { flagsOf } from './flat-modifiers.ts';
import { anchorOf } from './flat-name.ts';
import type { FileTable } from './flat-places.ts';
import { roleOf } from './flat-role.ts';
import { routeOf } from './flat-route.ts';
import { KIND_ERASED, KINDS } from './flat-rows.ts';
import { signatureOf } from './flat-signature.ts';
import { BODY_SLOT, INITIALIZER_SLOT, SLOT } from './flat-slots.ts';
import type { FlatTree } from './flat-tree.ts';
import { MemberUses } from './member-uses.ts';
import { plainKnowledge } from './plain-knowledge.ts';

const ROLE_CODES = new Map<CandidateRole, number>(CANDIDATE_ROLES.map((role, code) => [role, code]));

/** What can be asked of a node, by its kind. */
const ASKS = { role: 1, jsx: 2, heir: 4, declaration: 8, erased: 16 } as const;
/** In the place of an owner: what is inside is not in the source. */
const NOWHERE = -2;

const ASKED = new Uint8Array(KINDS);
for (const [ask, kinds] of [
  [
    ASKS.role,
    [
      KIND.Identifier,
      KIND.PrivateIdentifier,
      KIND.StringLiteral,
      KIND.NoSubstitutionTemplateLiteral,
      KIND.SuperKeyword,
      KIND.ThisKeyword,
    ],
  ],
  [ASKS.jsx, [KIND.JsxElement, KIND.JsxSelfClosingElement, KIND.JsxFragment]],
  [ASKS.heir, [KIND.ClassDeclaration, KIND.ClassExpression, KIND.InterfaceDeclaration]],
  [ASKS.declaration, DECLARING_KINDS],
  [ASKS.erased, [KIND.JSDoc, KIND_ERASED]],
] as const) {
  for (const kind of kinds) ASKED[kind] = (ASKED[kind] ?? 0) | ask;
}

export interface FlatScan {
  readonly scan: FileScan;
  readonly facts: FileFacts;
  readonly table: FileTable;
  readonly text: string;
}

/** Told of what the walk meets, by rows. */
export interface ScanSink {
  addUse(use: number, start: number): void;
  /** An identifier that is no use. */
  addName?(name: number): void;
  addDeclaration(declaration: number, anchor: number): void;
  addHeir(heir: HeirFacts, bases: readonly number[]): void;
}

export interface WalkedFile {
  readonly scan: FileScan;
  /** Anchor of the constructor, by the anchor of its class. */
  readonly constructors: ReadonlyMap<number, number>;
}

/** What `scanFile` and `fileFactsOf` find in a file, out of its flat tree: one walk down the table. */
export function scanFlat(tree: FlatTree, path: string): FlatScan {
  const notes = new Notes(tree);
  const { scan, constructors } = walkFlat(tree, path, notes);
  const { facts } = notes;
  const table = facts.table(plainKnowledge(tree, scan.nodes, notes));
  return { scan, facts: { ...facts.build(), constructors }, table, text: tree.text };
}

/** What the native compiler has to be asked about later. */
class Notes implements ScanSink {
  readonly facts: FlatFacts;
  readonly scopes: FlatScopes;
  readonly members: MemberUses;
  readonly #tree: FlatTree;
  #row = 0;

  constructor(tree: FlatTree) {
    this.#tree = tree;
    const exportPatterns = new ExportPatterns(tree);
    this.facts = new FlatFacts(tree, exportPatterns);
    this.scopes = new FlatScopes(tree, exportPatterns);
    this.members = new MemberUses(tree);
  }

  addUse(use: number, start: number): void {
    if (this.#tree.kind(use) === KIND.Identifier) this.scopes.addUse(this.#row, use);
    this.members.addUse(this.#row, use);
    this.#row += 1;
    this.facts.addUse(use, start);
  }

  addName(name: number): void {
    this.scopes.addName(name);
  }

  addDeclaration(declaration: number, anchor: number): void {
    this.facts.addDeclaration(declaration, anchor);
  }

  addHeir(heir: HeirFacts, bases: readonly number[]): void {
    this.facts.addHeir(heir, bases);
  }
}

/** What `scanFile` finds alone; the sink hears of the rest. */
export function walkFlat(tree: FlatTree, path: string, sink: ScanSink): WalkedFile {
  return new Walk(tree, path, sink).run();
}

class Walk {
  readonly #tree: FlatTree;
  readonly #path: string;
  readonly #isTestFile: boolean;
  readonly #lines: FlatLines;
  readonly #drafts = new FlatDrafts();
  readonly #sink: ScanSink;
  readonly #constructors = new Map<number, number>();
  /** Owners of nodes that do not belong to what they stand in. */
  readonly #outside = new Map<number, number>();
  readonly #position = new IntColumn(256);
  readonly #role = new IntColumn(256);
  readonly #owner = new IntColumn(256);
  readonly #line = new IntColumn(256);
  readonly #column = new IntColumn(256);

  constructor(tree: FlatTree, path: string, sink: ScanSink) {
    this.#tree = tree;
    this.#path = path;
    this.#isTestFile = isTestPath(path);
    this.#lines = new FlatLines(tree.text);
    this.#sink = sink;
  }

  run(): WalkedFile {
    const tree = this.#tree;
    /** The innermost declaration that what is inside a node belongs to. */
    const owners = new Int32Array(tree.count).fill(-1);
    for (let node = 2; node < tree.count; node += 1) {
      const asks = ASKED[tree.kind(node)] ?? 0;
      const outside = this.#outside.size === 0 ? undefined : this.#outside.get(node);
      const owner = outside ?? owners[tree.parent(node)] ?? NOWHERE;
      if (owner === NOWHERE || (asks & ASKS.erased) !== 0) owners[node] = NOWHERE;
      else owners[node] = asks === 0 ? owner : this.#visit(node, owner, asks);
    }
    const candidates = {
      count: this.#position.length,
      position: this.#position.toInts(),
      role: this.#role.toBytes(),
      owner: this.#owner.toInts(),
      line: this.#line.toInts(),
      column: this.#column.toInts(),
    };
    return {
      scan: { path: this.#path, nodes: this.#drafts.nodes, candidates },
      constructors: this.#constructors,
    };
  }

  /** Returns the owner of what is inside. */
  #visit(node: number, owner: number, asks: number): number {
    if ((asks & ASKS.role) !== 0) {
      const role = roleOf(this.#tree, node);
      if (role !== undefined) this.#addCandidate(node, role, owner);
      else if (this.#tree.kind(node) === KIND.Identifier) this.#sink.addName?.(node);
      return owner;
    }
    if ((asks & ASKS.jsx) !== 0) this.#drafts.markComponent(owner);
    if ((asks & ASKS.heir) !== 0) {
      const heir = heirFactsOf(this.#tree, node);
      if (heir !== undefined) this.#sink.addHeir(heir.facts, heir.baseNodes);
    }
    if ((asks & ASKS.declaration) === 0) return owner;
    const fact = declarationOf(this.#tree, node, this.#isTestFile) ?? this.#routeOf(node, owner);
    return fact === undefined ? owner : this.#declare(fact, node, owner);
  }

  #routeOf(node: number, owner: number): FlatFact | undefined {
    const route = this.#isTestFile ? undefined : routeOf(this.#tree, node);
    // What a route is asked of is no part of it: routes are written in chains.
    if (route?.declaration === node) this.#outside.set(this.#tree.child(node, SLOT.expression), owner);
    return route;
  }

  #declare(fact: FlatFact, node: number, owner: number): number {
    const tree = this.#tree;
    const { kind, name, declaration } = fact;
    const isParameter = tree.kind(node) === KIND.Parameter;
    const container = isParameter ? (this.#drafts.nodes[owner]?.container ?? -1) : owner;
    const flags = flagsOf(tree, declaration);
    const mergeKey = fact.merges ? `${container} ${kind} ${flags & 4} ${name}` : undefined;
    const place = { parent: tree.parent(node), end: tree.end(node), isImplementation: isImplementation(tree, node) };
    const joined = mergeKey === undefined ? undefined : this.#drafts.joined(mergeKey, place);
    if (joined !== undefined) return joined;
    const nameStart = anchorOf(tree, declaration);
    const line = this.#lines.lineOf(nameStart);
    const draft = {
      kind,
      name,
      container,
      ordinal: this.#drafts.ordinalOf({ container, kind, name }),
      start: tree.start(node),
      end: place.end,
      nameStart,
      line: line + 1,
      column: nameStart - this.#lines.startOf(line) + 1,
      flags,
      signature: signatureOf(tree, fact),
      doc: docOf(tree, declaration),
    };
    const index = this.#drafts.add(draft, { mergeKey, ...place, isMade: isMade(tree, node) });
    this.#addFacts(fact, nameStart, container);
    return isParameter ? owner : index;
  }

  #addFacts({ kind, declaration }: FlatFact, nameStart: number, container: number): void {
    this.#sink.addDeclaration(declaration, nameStart);
    const holder = this.#drafts.nodes[container];
    if (kind === 'constructor' && holder !== undefined) this.#constructors.set(holder.nameStart, nameStart);
  }

  #addCandidate(node: number, role: CandidateRole, owner: number): void {
    const start = this.#tree.start(node);
    const line = this.#lines.lineOf(start);
    this.#position.push(start);
    this.#role.push(ROLE_CODES.get(role) ?? 0);
    this.#owner.push(owner);
    this.#line.push(line + 1);
    this.#column.push(start - this.#lines.startOf(line) + 1);
    this.#sink.addUse(node, start);
  }
}

function isImplementation(tree: FlatTree, node: number): boolean {
  const kind = tree.kind(node);
  return kind === KIND.FunctionDeclaration && tree.child(node, BODY_SLOT[kind] ?? -1) !== 0;
}

function isMade(tree: FlatTree, node: number): boolean {
  const kind = tree.kind(node);
  if (kind === KIND.ExportAssignment) {
    return tree.kind(tree.child(node, SLOT.exported)) === KIND.CallExpression;
  }
  if (kind !== KIND.VariableDeclaration) return false;
  return tree.kind(tree.child(node, INITIALIZER_SLOT[kind] ?? -1)) === KIND.CallExpression;
}
