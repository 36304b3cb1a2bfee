import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { runProcess } from '../../core/process/index.ts';
import type { ProcessResult } from '../../core/process/index.ts';

/** A program of an npm package, which Node executes. */
export interface InstalledProgram {
  readonly script: string;
  readonly version: string;
}

const manifestSchema = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
});

/** Compilers and linters of large workspaces take minutes. */
const TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

/** The program `bin` of a package as it is installed for `folder`, in it or above it up to `root`. */
export function findProgram(place: { readonly root: string; readonly folder: string }, name: string, bin: string) {
  for (let folder = place.folder; ; folder = dirname(folder)) {
    const found = programIn(join(folder, 'node_modules', name), bin);
    if (found !== undefined) return found;
    if (folder === place.root || folder === dirname(folder)) return undefined;
  }
}

/** The one that this program brings along. */
export function bundledTypescript(): InstalledProgram | undefined {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  return programIn(dirname(manifest), 'tsc');
}

/** Runs it in `cwd`. Throws as `runProcess` does; these exit codes only say that something was found. */
export function runProgram(
  { script }: InstalledProgram,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<ProcessResult> {
  return runProcess(process.execPath, [script, ...args], {
    ...options,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    expectedExitCodes: [0, 1, 2],
    // The compiler's script only starts the compiler.
    endsGroup: true,
  });
}

function programIn(folder: string, bin: string): InstalledProgram | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
    return script === undefined ? undefined : { script: join(folder, script), version: manifest.version };
  } catch {
    return undefined;
  }
}
