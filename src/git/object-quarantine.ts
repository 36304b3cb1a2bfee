import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '../core/ids.ts';
import { quotedPath } from './merge-forecast.ts';

/** Environment under which git writes objects into a folder of their own, and still sees those of the repository. */
export function quarantineEnvironment(folder: string, objectsDir: string): Readonly<Record<string, string>> {
  return { GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(objectsDir) };
}

/** Hands the objects over to the repository; each is there as a whole or not at all. */
export async function releaseObjects(folder: string, objectsDir: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted(byNeed)) await release(file, join(objectsDir, file.slice(folder.length + 1)));
}

/** The index of a pack says that its objects are there: it comes last. */
function byNeed(one: string, other: string): number {
  return Number(one.endsWith('.idx')) - Number(other.endsWith('.idx'));
}

async function release(file: string, target: string): Promise<void> {
  if (existsSync(target)) return;
  await mkdir(dirname(target), { recursive: true });
  // Named as git names what it has not finished: it clears them away itself.
  const partial = join(dirname(target), `tmp_obj_${newId()}`);
  try {
    await copyFile(file, partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}
