import { realpathSync } from 'node:fs';
import { createSilentLog } from '../dist/src/core/log.js';
import { IndexPool } from '../dist/src/graph/engine/index-pool.js';

/** Enough for the largest repository measured so far. */
const MEMORY_MB = 8_192;
/** The default of the product. */
const COMPILER_MEMORY_MB = 4_096;
/** The limit that scip-typescript has, too. */
const MAX_FILE_BYTES = 1_000_000;

/**
 * One cold index of a folder, the way the product does it but for the database.
 *
 * @param {string} folder
 * @param {import('../dist/src/graph/graph-schema.js').EngineChoice} engine
 */
export async function indexFolder(folder, engine = 'auto') {
  const pool = new IndexPool({ memoryMb: MEMORY_MB, compilerMemoryMb: COMPILER_MEMORY_MB, log: createSilentLog() });
  try {
    return await pool.index(
      { root: realpathSync(folder), maxFileBytes: MAX_FILE_BYTES, engine },
      { signal: new AbortController().signal, onProgress: () => {} },
    );
  } finally {
    await pool.close();
  }
}
