import { readFileSync, statSync } from 'node:fs';
import { ts } from 'ts-morph';

interface DiskText {
  readonly text: string;
  readonly version: string;
  readonly stamp: string;
  /** It was written so shortly before it was read that a later write may bear the same time. */
  readonly isYoung: boolean;
}

/** Coarser than the clock of any file system in use. */
const YOUNG_MS = 2_000;

/** Texts as the compiler sees them: of the disk, under those that are tried out. Each text has a version of its own. */
export class PlaceTexts {
  readonly #disk = new Map<string, DiskText>();
  #tried: ReadonlyMap<string, DiskText> = new Map();
  #versions = 0;

  find(path: string): string | undefined {
    return this.#entryOf(path)?.text;
  }

  versionOf(path: string): string {
    return this.#entryOf(path)?.version ?? '';
  }

  exists(path: string): boolean {
    return this.#tried.has(path) || this.#disk.has(path) || ts.sys.fileExists(path);
  }

  /** Does `work` as if the files had these texts. Not nested. */
  trying<Result>(texts: ReadonlyMap<string, string>, work: () => Result): Result {
    this.#tried = new Map([...texts].map(([path, text]) => [path, this.#versioned(text)]));
    try {
      return work();
    } finally {
      this.#tried = new Map();
    }
  }

  /** Forgets what was written since it was read; what is installed is taken to stay. Whether anything was. */
  refresh(): boolean {
    let hasChanged = false;
    for (const [path, { stamp, isYoung, text }] of this.#disk) {
      if (path.includes('/node_modules/') || (!isYoung && stampOf(path) === stamp)) continue;
      const read = this.#readDisk(path);
      if (read?.text === text) continue;
      hasChanged = true;
      this.#disk.delete(path);
    }
    return hasChanged;
  }

  #entryOf(path: string): DiskText | undefined {
    const known = this.#tried.get(path) ?? this.#disk.get(path);
    if (known !== undefined) return known;
    const read = this.#readDisk(path);
    if (read !== undefined) this.#disk.set(path, read);
    return read;
  }

  #readDisk(path: string): DiskText | undefined {
    try {
      const { mtimeMs } = statSync(path);
      const stamp = stampOf(path);
      const text = ts.sys.readFile(path) ?? readFileSync(path, 'utf8');
      return { ...this.#versioned(text), stamp, isYoung: Date.now() - mtimeMs < YOUNG_MS };
    } catch {
      return undefined;
    }
  }

  #versioned(text: string): DiskText {
    this.#versions += 1;
    return { text, version: String(this.#versions), stamp: '', isYoung: false };
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}`;
}
