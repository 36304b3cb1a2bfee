import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';
import { WatchFilter } from './watch-filter.ts';

export interface WatchCallbacks {
  /** Something has happened at a relative path. */
  readonly onTouched: (path: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Watches the sources of a workspace, and the files that decide what these are. */
export class WorkspaceWatch {
  readonly #watcher: FSWatcher;
  readonly ready: Promise<void>;

  constructor(root: string, { onTouched, onError }: WatchCallbacks) {
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
      this.#watcher.once('ready', () => resolve());
    });
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }
}
