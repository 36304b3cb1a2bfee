import { NODE_KINDS, PROVENANCES } from '../graph-schema.ts';
import { ALIASES, CALLS, CONSTRUCTS } from './edge-groups.ts';
import { eachEdge, eachStep } from './edge-walk.ts';
import type { Odds, Visit } from './edge-walk.ts';
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

/** One step from a node, against or along the edges of `mask`. */
export type Expand = (view: GraphView, node: number, visit: Visit) => void;

/**
 * Users of a node. A class is also used where its constructor is, and a constructor where its class is constructed. A
 * member may also be called where the declarations that it overrides or implements are called: `dispatch`. What has other
 * names is called where these are.
 */
export function expandToUsers(mask: number): Expand {
  return (view, node, visit) => {
    const kind = view.columns.nodes.kind[node] ?? 0;
    eachStep({ adjacency: view.reverse, node, mask }, visit);
    // Where names are followed as uses, their users are met a step further.
    if ((mask & ALIASES) === 0) stepToUsersOfNames(view, node, { mask, visit });
    if (CLASSES.has(kind)) {
      for (const own of view.dispatch.constructorsOf(node))
        eachStep({ adjacency: view.reverse, node: own, mask }, visit);
    } else if (kind === CONSTRUCTOR) {
      eachStep({ adjacency: view.reverse, node: view.containerOf(node), mask: mask & CONSTRUCTS }, visit);
    } else if (MEMBERS.has(kind)) {
      for (const base of view.dispatch.basesOf(node)) {
        const odds = { doubt: WEAKNESS.dispatch, confidence: view.dispatch.shareOf(base, node) };
        eachEdge({ adjacency: view.reverse, node: base, mask: mask & CALLS }, (user, edge) => visit(user, edge, odds));
      }
    }
  };
}

function stepToUsersOfNames(view: GraphView, node: number, { mask, visit }: Step): void {
  for (const name of view.dispatch.namesOf(node)) {
    const odds = oddsOfName(view, name);
    eachEdge({ adjacency: view.reverse, node: name, mask: mask & CALLS }, (user, edge) => visit(user, edge, odds));
  }
}

/**
 * What a node uses. A class uses what its constructor does. A call of a member may also reach the members that override
 * or implement it: `dispatch`.
 */
export function expandToUsed(mask: number): Expand {
  return (view, node, visit) => {
    stepAndDispatch(view, node, { mask, visit });
    if (!CLASSES.has(view.columns.nodes.kind[node] ?? 0)) return;
    for (const own of view.dispatch.constructorsOf(node)) stepAndDispatch(view, own, { mask, visit });
  };
}

/** A constant stands for one value; a field or a variable may have got another. */
function oddsOfName(view: GraphView, row: number): Odds {
  const isConstant =
    view.columns.nodes.kind[row] === VARIABLE && view.columns.nodes.signature[row]?.startsWith('const ') === true;
  if (isConstant) return { doubt: WEAKNESS.typed, confidence: 1 };
  return { doubt: WEAKNESS.dispatch, confidence: view.dispatch.shareOfName(row) };
}

interface Step {
  readonly mask: number;
  readonly visit: Visit;
}

function stepAndDispatch(view: GraphView, node: number, { mask, visit }: Step): void {
  const hasNames = (mask & ALIASES) === 0;
  eachStep({ adjacency: view.forward, node, mask }, visit);
  eachEdge({ adjacency: view.forward, node, mask: mask & CALLS }, (target, edge) => {
    const meant = hasNames ? view.dispatch.valuesOf(target) : NONE;
    if (meant.length > 0) {
      const odds = oddsOfName(view, target);
      for (const value of meant) visit(value, edge, odds);
    }
    if (!MEMBERS.has(view.columns.nodes.kind[target] ?? 0)) return;
    for (const override of view.dispatch.standInsOf(target)) {
      visit(override, edge, { doubt: WEAKNESS.dispatch, confidence: view.dispatch.shareOf(target, override) });
    }
  });
}

/** How weak an edge is by itself. */
export function weaknessOf(view: GraphView, edge: number): number {
  return WEAKNESS[PROVENANCES[view.columns.edges.provenance[edge] ?? 0] ?? 'dispatch'];
}
