import { NODE_KINDS, PROVENANCES } from '../graph-schema.ts';
import { degreeOf } from './csr.ts';
import type { Adjacency } from './csr.ts';
import { ALIASES, CALLS, CONSTRUCTS, INHERITANCE } from './edge-groups.ts';
import type { GraphView } from './graph-view.ts';

/** Provenances from certain to merely possible; what is reached over several edges is as certain as the weakest. */
const WEAKNESS = { typed: 0, syntax: 1, dispatch: 2 } as const;

/** A component may be a class. */
const CLASSES = new Set(['class', 'component'].map((kind) => NODE_KINDS.findIndex((name) => name === kind)));
const VARIABLE = NODE_KINDS.indexOf('variable');
const NONE: readonly number[] = [];
const CONSTRUCTOR = NODE_KINDS.indexOf('constructor');
/** Kinds that are chosen at run time by the object they are asked of. */
const MEMBERS = new Set(
  ['method', 'accessor', 'property'].map((kind) => NODE_KINDS.findIndex((name) => name === kind)),
);

/** Is told of a step over an edge: the node that it reaches, the edge's row, and how certain it is. */
export type Visit = (node: number, edge: number, weakness: number) => void;

/** One step from a node, against or along the edges of `mask`. */
export type Expand = (view: GraphView, node: number, visit: Visit) => void;

/**
 * Users of a node. A class is also used where its constructor is, and a constructor where its class is constructed. A
 * member may also be called where the declarations that it overrides or implements are called: `dispatch`. What has other
 * names is called where these are.
 */
export function expandToUsers(mask: number): Expand {
  return (view, node, visit) => {
    step(view, { adjacency: view.reverse, node, mask }, visit);
    // Where names are followed as uses, their users are met a step further.
    for (const name of (mask & ALIASES) === 0 ? otherNames(view, view.reverse, node) : NONE) {
      const callers = { adjacency: view.reverse, node: name, mask: mask & CALLS };
      step(view, callers, (user, edge, weakness) => visit(user, edge, Math.max(weakness, weaknessOfName(view, name))));
    }
    const kind = view.columns.nodes.kind[node] ?? 0;
    if (CLASSES.has(kind)) {
      for (const own of constructorsOf(view, node)) step(view, { adjacency: view.reverse, node: own, mask }, visit);
    } else if (kind === CONSTRUCTOR) {
      step(view, { adjacency: view.reverse, node: view.containerOf(node), mask: mask & CONSTRUCTS }, visit);
    } else if (MEMBERS.has(kind)) {
      for (const base of inherited(view, view.forward, node)) {
        const callers = { adjacency: view.reverse, node: base, mask: mask & CALLS };
        step(view, callers, (user, edge) => visit(user, edge, WEAKNESS.dispatch));
      }
    }
  };
}

/**
 * What a node uses. A class uses what its constructor does. A call of a member may also reach the members that override
 * or implement it: `dispatch`.
 */
export function expandToUsed(mask: number): Expand {
  return (view, node, visit) => {
    stepAndDispatch(view, node, { mask, visit });
    if (!CLASSES.has(view.columns.nodes.kind[node] ?? 0)) return;
    for (const own of constructorsOf(view, node)) stepAndDispatch(view, own, { mask, visit });
  };
}

/** Members that stand for this one in subclasses and implementers (reverse), or that it stands for (forward). */
export function inherited(view: GraphView, direction: Adjacency, member: number): number[] {
  const found = new Set([member]);
  // The set grows while it is walked.
  for (const node of found) {
    step(view, { adjacency: direction, node, mask: INHERITANCE }, (other) => found.add(other));
  }
  found.delete(member);
  return [...found];
}

/** Names that a value is given whole, and names of these (reverse), or what a name stands for (forward). */
function otherNames(view: GraphView, direction: Adjacency, row: number): readonly number[] {
  if (degreeOf(direction, row, ALIASES) === 0) return NONE;
  const found = new Set([row]);
  // The set grows while it is walked.
  for (const node of found) step(view, { adjacency: direction, node, mask: ALIASES }, (other) => found.add(other));
  found.delete(row);
  return [...found];
}

/** A constant stands for one value; a field or a variable may have got another. */
function weaknessOfName(view: GraphView, row: number): number {
  const isConstant =
    view.columns.nodes.kind[row] === VARIABLE && view.columns.nodes.signature[row]?.startsWith('const ') === true;
  return isConstant ? WEAKNESS.typed : WEAKNESS.dispatch;
}

export function constructorsOf(view: GraphView, row: number): number[] {
  return view.membersOf(row).filter((member) => view.columns.nodes.kind[member] === CONSTRUCTOR);
}

interface Step {
  readonly adjacency: Adjacency;
  readonly node: number;
  readonly mask: number;
}

function step(view: GraphView, { adjacency, node, mask }: Step, visit: Visit): void {
  const end = adjacency.ends[node] ?? 0;
  for (let at = adjacency.starts[node] ?? 0; at < end; at += 1) {
    if (((mask >> (adjacency.kind[at] ?? 0)) & 1) === 0) continue;
    const edge = adjacency.edge[at] ?? 0;
    visit(adjacency.neighbour[at] ?? 0, edge, weaknessOf(view, edge));
  }
}

function stepAndDispatch(view: GraphView, node: number, { mask, visit }: { mask: number; visit: Visit }): void {
  step(view, { adjacency: view.forward, node, mask }, (target, edge, weakness) => {
    visit(target, edge, weakness);
    const isCall = ((CALLS >> (view.columns.edges.kind[edge] ?? 0)) & 1) === 1;
    if (!isCall) return;
    const hasNames = (mask & ALIASES) === 0;
    const certainty = Math.max(weakness, weaknessOfName(view, target));
    for (const meant of hasNames ? otherNames(view, view.forward, target) : NONE) visit(meant, edge, certainty);
    if (!MEMBERS.has(view.columns.nodes.kind[target] ?? 0)) return;
    for (const override of inherited(view, view.reverse, target)) visit(override, edge, WEAKNESS.dispatch);
  });
}

function weaknessOf(view: GraphView, edge: number): number {
  return WEAKNESS[PROVENANCES[view.columns.edges.provenance[edge] ?? 0] ?? 'dispatch'];
}
