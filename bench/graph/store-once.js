/**
 * One cold index of a folder into a database that is empty but for its tables, by the path that the product takes:
 * discovery, types, extraction, publication. Prints what was stored as JSON. contenders.js measures it.
 */
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { connectDatabase } from '../../dist/src/core/db/index.js';
import { createSilentLog } from '../../dist/src/core/log.js';
import { ENGINE_CHOICES } from '../../dist/src/graph/graph-schema.js';
import { GraphStore } from '../../dist/src/graph/graph-store.js';
import { indexFolder } from '../index-folder.js';

const [folder = '.', engine = 'auto', url = ''] = process.argv.slice(2);
const columns = await indexFolder(folder, z.enum(ENGINE_CHOICES).parse(engine));
const database = await connectDatabase({ url, log: createSilentLog(), max: 2 });
try {
  const publication = { root: realpathSync(folder), runId: 'bench', columns };
  const stored = await new GraphStore(database).publish(publication, new AbortController().signal);
  const { files, typed, nodes, edges } = stored;
  console.log(JSON.stringify({ engine: stored.engine, files, typed, nodes, edges }));
} finally {
  await database.close();
}
