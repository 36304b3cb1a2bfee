/**
 * One cold index of the folder given, the way the product does it but for the database; prints what it found as JSON.
 * graph.js measures it.
 */
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { createSilentLog } from '../dist/src/core/log.js';
import { IndexPool } from '../dist/src/graph/index.js';

/** Enough for the largest repository measured so far. */
const MEMORY_MB = 8_192;
/** The default of the product. */
const COMPILER_MEMORY_MB = 4_096;
/** The limit that scip-typescript has, too. */
const MAX_FILE_BYTES = 1_000_000;

const [folder = '.', engine = 'auto'] = process.argv.slice(2);
const pool = new IndexPool({ memoryMb: MEMORY_MB, compilerMemoryMb: COMPILER_MEMORY_MB, log: createSilentLog() });
const { files, nodes, edges } = await pool.index(
  {
    root: realpathSync(folder),
    maxFileBytes: MAX_FILE_BYTES,
    engine: z.enum(['auto', 'ts-morph', 'ts7']).parse(engine),
  },
  { signal: new AbortController().signal, onProgress: () => {} },
);
await pool.close();
const typed = files.filter((file) => file.state === 'typed').length;
console.log(JSON.stringify({ files: files.length, typed, nodes: nodes.count, edges: edges.count }));
