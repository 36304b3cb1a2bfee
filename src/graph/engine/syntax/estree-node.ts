/** A node of an ESTree, as the parser's JSON has it: which fields it has depends on its type. */
export interface EsNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export function isEsNode(value: unknown): value is EsNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function nodeAt(node: EsNode, field: string): EsNode | undefined {
  const value = node[field];
  return isEsNode(value) ? value : undefined;
}

/** The nodes of a list; a hole of an array literal is none. */
export function nodesAt(node: EsNode, field: string): readonly EsNode[] {
  const value = node[field];
  if (!Array.isArray(value)) return NO_NODES;
  return value.every(isEsNode) ? value : value.filter(isEsNode);
}

export function textAt(node: EsNode, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

export function isSet(node: EsNode, field: string): boolean {
  return node[field] === true;
}

const NO_NODES: readonly EsNode[] = [];
