import type { FileScan, ScannedNode } from '../../type-source.ts';
import type { FileNames, Heir } from './name-refs.ts';

/** What is known of one file once it is scanned, ready to be looked into. */
export interface KnownFile {
  readonly path: string;
  readonly nodes: readonly ScannedNode[];
  readonly names: FileNames;
  /** Row of the node at an anchor, the first of several. */
  readonly rows: ReadonlyMap<number, number>;
  readonly heirs: ReadonlyMap<number, Heir>;
  /** Rows by container and name. */
  members(container: number, name: string): readonly number[];
}

export function knownFile({ path, nodes }: FileScan, names: FileNames): KnownFile {
  const rows = new Map<number, number>();
  for (const [row, { nameStart }] of nodes.entries()) if (!rows.has(nameStart)) rows.set(nameStart, row);
  let members: Map<string, number[]> | undefined;
  return {
    path,
    nodes,
    names,
    rows,
    heirs: new Map(names.heirs.map((heir) => [heir.anchor, heir])),
    members: (container, name) => {
      members ??= membersOf(nodes);
      return members.get(`${container} ${name}`) ?? NONE;
    },
  };
}

const NONE: readonly number[] = [];

function membersOf(nodes: readonly ScannedNode[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [row, { container, name }] of nodes.entries()) {
    const key = `${container} ${name}`;
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  }
  return members;
}
