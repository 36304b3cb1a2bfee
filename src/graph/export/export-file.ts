import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError, messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { pruneExports } from './export-folder.ts';

export interface ExportTarget {
  /** Folder of exports; made when it is missing. */
  readonly folder: string;
  readonly name: string;
  /** Text up to this size is handed back instead of written. */
  readonly maxInlineBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Exported {
  readonly bytes: number;
  readonly content?: string;
  /** Absolute path. */
  readonly file?: string;
}

type Chunks = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/** Writes are gathered up to this size. */
const WRITE_BYTES = 1024 * 1024;

/** A name that is the same for the same question to the same index: asking again does not pile up files. */
export function exportName(root: string, question: readonly unknown[], extension: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([root, ...question]))
    .digest('hex')
    .slice(0, 12);
  const title = basename(root)
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 60);
  return `${title === '' ? 'workspace' : title}-${digest}.${extension}`;
}

/**
 * Small text comes back; anything else is written aside and then given its name, so that nobody reads half a file.
 * Throws `permission_denied` when the folder can't be written, `cancelled`.
 */
export async function keepOrWrite(chunks: Chunks, target: ExportTarget): Promise<Exported> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let draft: Draft | undefined;
  try {
    for await (const chunk of chunks) {
      target.signal?.throwIfAborted();
      const bytes = Buffer.from(chunk);
      kept.push(bytes);
      keptBytes += bytes.length;
      if (keptBytes <= (draft === undefined ? target.maxInlineBytes : WRITE_BYTES)) continue;
      draft ??= await Draft.create(target.folder);
      await draft.write(kept.splice(0));
      keptBytes = 0;
    }
    if (draft === undefined && target.maxInlineBytes > 0) {
      return { bytes: keptBytes, content: Buffer.concat(kept).toString('utf8') };
    }
    draft ??= await Draft.create(target.folder);
    await draft.write(kept);
    const exported = await draft.finish(join(target.folder, target.name));
    await pruneExports(target);
    return exported;
  } catch (error) {
    await draft?.discard();
    throw error;
  }
}

/** A file that has no name yet that anybody would look for. */
class Draft {
  readonly #handle: FileHandle;
  readonly #path: string;
  #bytes = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  static async create(folder: string): Promise<Draft> {
    const path = join(folder, `.${newId()}.part`);
    return translated(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return new Draft(await open(path, 'wx', 0o600), path);
    });
  }

  async write(chunks: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(chunks);
    this.#bytes += bytes.length;
    await translated(this.#path, () => this.#handle.writeFile(bytes));
  }

  async finish(path: string): Promise<Exported> {
    return translated(path, async () => {
      await this.#handle.close();
      await rename(this.#path, path);
      return { bytes: this.#bytes, file: path };
    });
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}

async function translated<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new AppError('permission_denied', `The export can't be written to ${path}: ${messageOf(error)}.`, {
      hint: 'Free space, or choose another data folder with --data-dir or LIGHTDOM_DATA_DIR.',
      cause: error,
    });
  }
}
