import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';

/** The protobuf reader that Sourcegraph generated for its own indexer, and that indexer. */
const require = createRequire(import.meta.url);
const READER = '@sourcegraph/scip-typescript/dist/src/scip.js';
const INDEXER = '@sourcegraph/scip-typescript/dist/src/main.js';

const decode = z.custom<(bytes: Uint8Array) => { toObject(): unknown }>((value) => typeof value === 'function');
const readerSchema = z.object({ scip: z.object({ Index: z.custom<object>().transform((index) => index) }) });

const symbolSchema = z.object({
  symbol: z.string(),
  documentation: z.array(z.string()),
  relationships: z.array(z.object({ symbol: z.string(), is_reference: z.boolean(), is_implementation: z.boolean() })),
});
const indexSchema = z.object({
  metadata: z.object({
    version: z.number(),
    tool_info: z.object({ name: z.string(), version: z.string() }),
    project_root: z.string(),
    text_document_encoding: z.number(),
  }),
  documents: z.array(
    z.object({
      relative_path: z.string(),
      language: z.string(),
      occurrences: z.array(z.object({ range: z.array(z.number()), symbol: z.string(), symbol_roles: z.number() })),
      symbols: z.array(symbolSchema),
    }),
  ),
});
export type ScipIndex = z.output<typeof indexSchema>;

export function decodeScip(bytes: Uint8Array): ScipIndex {
  const { scip } = readerSchema.parse(require(READER));
  const read = decode.parse(Reflect.get(scip.Index, 'deserializeBinary'));
  return indexSchema.parse(Reflect.apply(read, scip.Index, [bytes]).toObject());
}

/** What scip-typescript makes of a folder with a tsconfig. */
export function indexWithScip(root: string): ScipIndex {
  const output = join(root, 'oracle.scip');
  const main = require.resolve(INDEXER);
  execFileSync(process.execPath, [main, 'index', '--output', output, '--no-progress-bar'], {
    cwd: root,
    stdio: 'pipe',
  });
  return decodeScip(readFileSync(output));
}
