import { expandToUsers } from '../query/expansion.ts';
import { DEPENDENCIES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';

export interface Hub {
  readonly row: number;
  /** Symbols outside it that use it, and the files that they are in. */
  readonly users: number;
  readonly files: number;
}

/** The most used symbols first. Users by way of a base declaration are only possible, and not counted. */
export function findHubs(view: GraphView): Hub[] {
  const hubs: Hub[] = [];
  for (let row = 0; row < view.nodeCount; row += 1) {
    const kind = view.kindOf(row);
    // Who constructs a class uses its constructor by the same words.
    if (kind === 'file' || kind === 'test' || kind === 'route' || kind === 'constructor') continue;
    const users = usersOf(view, row);
    if (users.size === 0) continue;
    hubs.push({ row, users: users.size, files: new Set([...users].map((user) => view.pathOf(user))).size });
  }
  return hubs.toSorted((a, b) => b.users - a.users || b.files - a.files || a.row - b.row);
}

function usersOf(view: GraphView, row: number): Set<number> {
  const users = new Set<number>();
  for (const target of [row, ...view.dispatch.constructorsOf(row)]) {
    expandToUsers(DEPENDENCIES)(view, target, (user, edge) => {
      const isDirect = view.columns.edges.target[edge] === target;
      if (isDirect && !view.isWithin(user, row)) users.add(user);
    });
  }
  return users;
}
