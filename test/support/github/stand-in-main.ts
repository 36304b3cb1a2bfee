import process from 'node:process';
import { z } from 'zod';
import { createStandIn } from './stand-in-server.ts';
import type { Hub } from './stand-in-state.ts';

/** The process of the stand-in: told by its argument what to be, it says its port to its parent, and ends with it. */
const { root, basePath, accounts } = z
  .object({ root: z.string(), basePath: z.string(), accounts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const hub: Hub = {
  root,
  accounts: new Map(Object.entries(accounts)),
  repositories: new Map(),
  renamed: new Map(),
  faults: [],
  seen: [],
  nextId: 1000,
};

const server = createStandIn(hub, { basePath });
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
