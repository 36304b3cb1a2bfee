import { NODE_FLAGS } from '../graph-schema.ts';
import { degreeOf, kindMask } from '../query/csr.ts';
import { CALLS } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';

const HERITAGE = kindMask(['extends', 'implements']);
const DECORATES = kindMask(['decorates']);
const METHODS: ReadonlySet<string> = new Set(['method', 'accessor']);
/** What is asked of an object by name. */
export const MEMBERS: ReadonlySet<string> = new Set(['method', 'accessor', 'property']);
/** A component may be a class. */
export const CLASSES: ReadonlySet<string> = new Set(['class', 'component']);
const TYPES_WITH_MEMBERS: ReadonlySet<string> = new Set(['class', 'component', 'interface', 'type']);

/** The language and its libraries call these by name. */
const PROTOCOL_NAMES: ReadonlySet<string> = new Set([
  'constructor',
  'toString',
  'toJSON',
  'toLocaleString',
  'valueOf',
  'then',
  'next',
  'return',
  'throw',
]);

/** A method or accessor of a class, an interface or a type. */
export function isTypeMember(view: GraphView, row: number): boolean {
  return METHODS.has(view.kindOf(row)) && TYPES_WITH_MEMBERS.has(view.kindOf(view.containerOf(row)));
}

export function isProtocolName(name: string): boolean {
  return name.startsWith('[') || PROTOCOL_NAMES.has(name);
}

export function isPrivate(view: GraphView, row: number): boolean {
  return view.nameOf(row).startsWith('#') || /^(?:@\S+ )*private\b/.test(view.columns.nodes.signature[row] ?? '');
}

export function isAmbient(view: GraphView, row: number): boolean {
  return ((view.columns.nodes.flags[row] ?? 0) & NODE_FLAGS.ambient) !== 0;
}

export function isStatic(view: GraphView, row: number): boolean {
  return ((view.columns.nodes.flags[row] ?? 0) & NODE_FLAGS.static) !== 0;
}

/** Decorators of libraries leave no edge, but stand at the beginning of the header. */
export function isDecorated(view: GraphView, row: number): boolean {
  const signature = view.columns.nodes.signature[row] ?? '';
  return degreeOf(view.forward, row, DECORATES) > 0 || /^(?:export |default |abstract )*@/.test(signature);
}

/** Whether a class names bases that the graph does not hold: these may call what overrides their members. */
export function hasForeignBase(view: GraphView, row: number): boolean {
  const header = withoutBrackets(view.columns.nodes.signature[row] ?? '');
  const heritage = /\b(?:extends|implements)\b(.*)$/.exec(header)?.[1];
  if (heritage === undefined) return false;
  const named = heritage.split(/,|\bimplements\b/).filter((name) => name.trim() !== '').length;
  return named > degreeOf(view.forward, row, HERITAGE);
}

/** Type arguments hold commas and `extends` of their own. */
function withoutBrackets(header: string): string {
  let text = header.replaceAll('=>', '');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(/<[^<>]*>|\([^()]*\)|\{[^{}]*\}/g, '');
  }
  return text;
}

/** The row of a node's edges is the row of what it does at once: a variable that is made by a call, for one. */
export function mayRunAtLoad(view: GraphView, row: number): boolean {
  const signature = view.columns.nodes.signature[row] ?? '';
  return /[(`]|\bnew\b|…$/.test(signature) || degreeOf(view.forward, row, CALLS) > 0;
}
