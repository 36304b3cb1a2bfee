import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** By path of the manifest: what it said when it was allowed. */
const fileSchema = z.record(z.string(), z.string());
const MAX_KEPT = 1_000;

/**
 * Which manifests of workspaces a person has allowed. A manifest names programs to be run, and a repository that was only
 * cloned must not run any; as with direnv, what was allowed is one text of one file, and any other is to be looked at again.
 */
export class ManifestConsent {
  readonly #file: string;

  /** The file is made when something is allowed. */
  constructor(file: string) {
    this.#file = file;
  }

  isAllowed(path: string, text: string): boolean {
    return this.#read()[path] === digestOf(text);
  }

  allow(path: string, text: string): void {
    const { [path]: _former, ...others } = this.#read();
    const kept = [...Object.entries(others).slice(1 - MAX_KEPT), [path, digestOf(text)]];
    const draft = `${this.#file}.new`;
    writeFileSync(draft, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }

  /** A file that can't be understood allows nothing. */
  #read(): Readonly<Record<string, string>> {
    if (!existsSync(this.#file)) return {};
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
