import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError, messageOf, systemCodeOf } from '../../core/errors.ts';

/** Larger ones are for programs on this machine, which take the file itself. */
export const MAX_READ_BYTES = 4 * 1024 * 1024;

/** Neither a path nor anything hidden: drafts and the ledger begin with a dot. */
const EXPORT_NAME = /^\w[\w.-]{0,119}$/;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.graphml': 'application/graphml+xml',
  '.mmd': 'text/vnd.mermaid',
  '.dot': 'text/vnd.graphviz',
  '.scip': 'application/x-protobuf',
};
const BINARY = '.scip';

export type ReadExport = { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });

export function mediaTypeOf(name: string): string {
  return MEDIA_TYPES[extname(name)] ?? 'application/octet-stream';
}

/**
 * A file of the folder by its name; what is binary as base64. Throws `not_found` for what is no name of a plain file there,
 * links included, and `limit_reached` for one that is too large.
 */
export async function readExport(folder: string, name: string): Promise<ReadExport> {
  if (!EXPORT_NAME.test(name) || MEDIA_TYPES[extname(name)] === undefined) throw unknownExport(name);
  const bytes = await readPlainFile(join(folder, name), name);
  const mimeType = mediaTypeOf(name);
  if (extname(name) === BINARY) return { mimeType, blob: bytes.toString('base64') };
  return { mimeType, text: bytes.toString('utf8') };
}

/** Names of what can be read, newest first. */
export async function listExports(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => EXPORT_NAME.test(name) && MEDIA_TYPES[extname(name)] !== undefined,
  );
  const dated = await Promise.all(
    names.map(async (name) => ({ name, atMs: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return dated.toSorted((one, other) => other.atMs - one.atMs).map(({ name }) => name);
}

/** What is checked is what is read: by the same handle, and a link is not followed. */
async function readPlainFile(path: string, name: string): Promise<Buffer> {
  // A pipe that somebody put there would else block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: unknown) => {
    if (['ENOENT', 'ELOOP', 'EMLINK', 'ENXIO'].includes(systemCodeOf(error) ?? '')) throw unknownExport(name);
    throw new AppError('permission_denied', `The export ${name} can't be read: ${messageOf(error)}.`, { cause: error });
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unknownExport(name);
    if (found.size > MAX_READ_BYTES) {
      throw new AppError('limit_reached', `The export ${name} has ${found.size} bytes, more than ${MAX_READ_BYTES}.`, {
        hint: `Read the file itself, ${path}, or export a part with path, kinds or maxNodes.`,
      });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unknownExport(name: string): AppError {
  return new AppError('not_found', `There is no export named \`${name.slice(0, 120)}\`.`, {
    hint: 'graph_export writes one and tells its name; old ones are deleted.',
  });
}
