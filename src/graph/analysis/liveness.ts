import type { PackageEntries } from '../package-entries.ts';
import { CALLS, DEPENDENCIES, VALUE_USES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import { FileExports } from './file-exports.ts';
import { fileLinksOf } from './file-links.ts';
import { fileRolesOf } from './file-roles.ts';
import type { FileRole } from './file-roles.ts';
import { LoadPlan } from './load-plan.ts';
import { assumedUses } from './member-assumptions.ts';
import { CLASSES, isDecorated, MEMBERS, isPrivate, isProtocolName, isTypeMember } from './member-traits.ts';

export interface Liveness {
  readonly roles: ReadonlyMap<number, FileRole>;
  /** Used by something that runs, or offered to the outside; of a file, that it is loaded. */
  readonly isLive: (row: number) => boolean;
  /** Members that live only because they could be called in a way that the graph can't see; with how. */
  readonly assumed: ReadonlyMap<number, string>;
}

/** Whose properties exist whenever they do: field initializers run, and shapes are read as a whole. */
const SHAPES: ReadonlySet<string> = new Set([...CLASSES, 'interface', 'type', 'enum']);

/**
 * What lives: all that is reached from the files that run and from what packages offer, along every use and, for calls of
 * members, along overrides and implementations (class hierarchy analysis: Dean, Grove and Chambers, ECOOP 1995). So a
 * caller that lives never has a callee that does not.
 */
export function computeLiveness(view: GraphView, entries: PackageEntries): Liveness {
  const walk = new LivenessWalk(view, entries);
  walk.addRoots();
  const assumed = walk.settleAssumptions();
  return { roles: walk.roles, isLive: (row) => walk.isLive(row), assumed };
}

class LivenessWalk {
  readonly roles: ReadonlyMap<number, FileRole>;
  readonly #view: GraphView;
  readonly #exports: FileExports;
  readonly #plan: LoadPlan;
  readonly #live: Uint8Array;
  readonly #isExecuted: Uint8Array;
  readonly #public = new Set<number>();
  readonly #heirs = new Map<number, readonly number[]>();
  /** Living rows that have still to bring along what belongs to them; a queue, since imports nest deep. */
  readonly #unexpanded: number[] = [];
  /** Rows whose own edges are still to be followed. */
  readonly #unfollowed: number[] = [];

  constructor(view: GraphView, entries: PackageEntries) {
    const links = fileLinksOf(view);
    this.#view = view;
    this.roles = fileRolesOf(view, links, entries);
    this.#exports = new FileExports(view, links);
    this.#plan = new LoadPlan(view, links, this.#exports);
    this.#live = new Uint8Array(view.nodeCount);
    this.#isExecuted = new Uint8Array(view.nodeCount);
  }

  isLive(row: number): boolean {
    return this.#live[row] === 1;
  }

  addRoots(): void {
    const imported = this.#plan.importedFiles;
    for (const [file, role] of this.roles) {
      if (role === 'imported') continue;
      this.#mark(file);
      if (role === 'untyped' || role === 'declarations') {
        for (const row of this.#view.withDescendants(file)) this.#mark(row);
      } else if (role !== 'test' || !imported.has(file)) {
        for (const row of this.#exports.of(file)) this.#offer(row);
      }
    }
    this.#settle();
  }

  /** Marks members that could be called unseen, until no new class comes to life by it. */
  settleAssumptions(): Map<number, string> {
    const assumed = new Map<number, string>();
    for (let found = assumedUses(this.#view, this); found.size > 0; found = assumedUses(this.#view, this)) {
      for (const [row, how] of found) {
        assumed.set(row, how);
        this.#mark(row);
      }
      this.#settle();
    }
    return assumed;
  }

  #settle(): void {
    while (this.#unexpanded.length + this.#unfollowed.length > 0) {
      for (let row = this.#unexpanded.pop(); row !== undefined; row = this.#unexpanded.pop()) this.#expand(row);
      for (let row = this.#unfollowed.pop(); row !== undefined; row = this.#unfollowed.pop()) this.#followEdges(row);
    }
  }

  #expand(row: number): void {
    if (this.#view.kindOf(row) === 'file') this.#load(row);
    else this.#markWithin(row);
    for (const twin of this.#plan.twinsOf(row)) this.#mark(twin, false);
  }

  /** Wanted outside: with its members, and the types that it is declared with. */
  #offer(row: number): void {
    const open = [row];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#public.has(next) || isPrivate(this.#view, next)) continue;
      this.#public.add(next);
      this.#mark(next);
      for (const heir of this.#heirsOf(next)) this.#mark(heir, false);
      if (SHAPES.has(this.#view.kindOf(next))) open.push(...this.#view.membersOf(next));
      open.push(...this.#plan.surfaceOf(next));
    }
  }

  /** `isNamed`: a member that is reached by dispatch alone does not show that its class is used. */
  #mark(row: number, isNamed = true): void {
    const container = this.#view.containerOf(row);
    if (container >= 0)
      this.#mark(isNamed && this.#view.kindOf(container) !== 'file' ? container : this.#plan.fileOf(row));
    if (this.#live[row] === 1) return;
    this.#live[row] = 1;
    this.#unexpanded.push(row);
    this.#execute(row);
  }

  #execute(row: number): void {
    if (this.#isExecuted[row] === 1) return;
    this.#isExecuted[row] = 1;
    this.#unfollowed.push(row);
  }

  #load(file: number): void {
    for (const other of this.#plan.filesLoadedBy(file)) this.#mark(other);
    for (const row of this.#plan.namedBy(file)) this.#mark(row);
    for (const { row, isWhole } of this.#plan.runAtLoad(file)) {
      if (isWhole) this.#mark(row);
      else this.#execute(row);
    }
  }

  /** What a declaration brings along. */
  #markWithin(row: number): void {
    const view = this.#view;
    const kind = view.kindOf(row);
    for (const member of view.membersOf(row)) {
      const memberKind = view.kindOf(member);
      const isField = memberKind === 'property' && SHAPES.has(kind);
      // Of an object literal, or of a type that is written out where it is used.
      const isOfObject = MEMBERS.has(memberKind) && !SHAPES.has(kind);
      const isCalledByName = isTypeMember(view, member) && isProtocolName(view.nameOf(member));
      const comesAlong =
        isField || isOfObject || isCalledByName || ['constructor', 'test', 'route'].includes(memberKind);
      if (comesAlong || isDecorated(view, member)) this.#mark(member, false);
    }
  }

  #followEdges(row: number): void {
    const { forward, columns } = this.#view;
    const end = forward.ends[row] ?? 0;
    for (let at = forward.starts[row] ?? 0; at < end; at += 1) {
      const kind = columns.edges.kind[forward.edge[at] ?? 0] ?? 0;
      if (((DEPENDENCIES >> kind) & 1) === 0) continue;
      const target = forward.neighbour[at] ?? 0;
      this.#mark(target);
      if ((((CALLS | VALUE_USES) >> kind) & 1) === 0) continue;
      for (const heir of this.#heirsOf(target)) this.#mark(heir, false);
    }
  }

  /** Members that may be called where this one is. */
  #heirsOf(member: number): readonly number[] {
    const known = this.#heirs.get(member);
    if (known !== undefined) return known;
    const found = this.#view.dispatch.standInsOf(member);
    this.#heirs.set(member, found);
    return found;
  }
}
