import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A program of an npm package, which Node executes. */
export interface InstalledProgram {
  readonly script: string;
  readonly version: string;
}

const manifestSchema = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
});

/** The program `bin` of a package as it is installed for `folder`, in it or above it up to `root`. */
export function findInstalledProgram(
  place: { readonly root: string; readonly folder: string },
  name: string,
  bin: string,
): InstalledProgram | undefined {
  for (let folder = place.folder; ; folder = dirname(folder)) {
    const found = programOfPackage(join(folder, 'node_modules', name), bin);
    if (found !== undefined) return found;
    if (folder === place.root || folder === dirname(folder)) return undefined;
  }
}

/** The program `bin` of the package in `folder`. */
export function programOfPackage(folder: string, bin: string): InstalledProgram | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
    return script === undefined ? undefined : { script: join(folder, script), version: manifest.version };
  } catch {
    return undefined;
  }
}
