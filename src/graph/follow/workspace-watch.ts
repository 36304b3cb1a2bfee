import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';
import { isSourceName, WatchFilter } from './watch-filter.ts';

export interface WatchCallbacks {
  /** Something has happened at a relative path. */
  readonly onTouched: (path: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Watches the sources of a workspace, and the files that decide what these are. */
export class WorkspaceWatch {
  readonly #root: string;
  readonly #watcher: FSWatcher;
  /** Resolves when all is watched, or nothing any more. */
  readonly ready: Promise<void>;
  #onReady: () => void = () => undefined;

  constructor(root: string, { onTouched, onError }: WatchCallbacks) {
    this.#root = root;
    const filter = new WatchFilter(root);
    this.#watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      // A file that is replaced is told as gone and as new: what it is then is looked at anyway.
      atomic: false,
      ignorePermissionErrors: true,
      ignored: (path, stats) => filter.isIgnored(path, stats),
    });
    this.#watcher.on('all', (event, path) => {
      if (event === 'addDir' || event === 'unlinkDir') return;
      const relative = path.replaceAll('\\', '/').slice(root.length + 1);
      if (relative.endsWith('.gitignore')) filter.forget();
      if (relative !== '') onTouched(relative);
    });
    this.#watcher.on('error', onError);
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
      this.#watcher.once('ready', resolve);
    });
  }

  /** Relative paths of the sources that are watched. */
  sources(): string[] {
    return Object.entries(this.#watcher.getWatched()).flatMap(([folder, names]) => {
      const relative = folder.replaceAll('\\', '/').slice(this.#root.length + 1);
      return names.filter(isSourceName).map((name) => (relative === '' ? name : `${relative}/${name}`));
    });
  }

  async close(): Promise<void> {
    await this.#watcher.close();
    this.#onReady();
  }
}
