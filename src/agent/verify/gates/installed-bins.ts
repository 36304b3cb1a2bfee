import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { InstalledBin, PlanPlace } from './planned-gate.ts';

const manifestSchema = z.object({
  version: z.string().default(''),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
});

/** What is installed for a workspace, up to the root of its repository; links to other places are followed. */
export function installedBins(place: {
  readonly root: string;
  readonly treeRoot: string;
}): Pick<PlanPlace, 'findBin' | 'binFolders'> {
  const modulesOf = (folder: string): string[] => foldersUp(join(place.root, folder), place.treeRoot);
  return {
    findBin: (folder, name, bin) => {
      for (const modules of modulesOf(folder)) {
        const found = binIn(join(modules, name), bin);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    binFolders: (folder) =>
      modulesOf(folder)
        .map((modules) => join(modules, '.bin'))
        .filter((path) => existsSync(path)),
  };
}

function foldersUp(folder: string, top: string): string[] {
  const own = join(folder, 'node_modules');
  const isTop = folder === top || dirname(folder) === folder;
  return isTop ? [own] : [own, ...foldersUp(dirname(folder), top)];
}

function binIn(folder: string, bin: string): InstalledBin | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
    return script === undefined ? undefined : { script: join(folder, script), version: manifest.version };
  } catch {
    return undefined;
  }
}
