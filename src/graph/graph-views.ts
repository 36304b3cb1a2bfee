import type { Log } from '../core/log.ts';
import { FileSweep } from './file-sweep.ts';
import type { GraphPatch } from './graph-patch.ts';
import type { GraphColumns } from './graph-schema.ts';
import type { GenerationSummary, GraphStore } from './graph-store.ts';
import { GraphView } from './query/graph-view.ts';
import { graphCounts } from './store/graph-counts.ts';

/** Another process on the same database may publish: its generation is seen this much later. */
const RECHECK_INTERVAL_MS = 5_000;
/** A view of a million edges takes about 150 MB; agents work in a few workspaces at a time. */
const MAX_VIEWS = 4;

/** The published generation of one workspace, ready to be asked. */
export interface OpenView {
  readonly root: string;
  readonly summary: GenerationSummary;
  readonly view: GraphView;
  readonly sweep: Pick<FileSweep, 'countChanged'>;
}

interface Entry {
  opened: Promise<OpenView | undefined>;
  checkedAt: number;
  /** A patch is being stored: until then the stored graph is behind. */
  isPatched: boolean;
}

export interface GraphViewsDeps {
  readonly store: GraphStore;
  readonly log: Log;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Files that a workspace's graph is behind with, where its edits are followed. */
  readonly pendingOf?: (root: string) => number | undefined;
  /** There is another graph of the workspace, or what is there was patched. */
  readonly onChanged?: (root: string) => void;
}

/** Views by workspace: loaded when first asked for, replaced by publications, the least recently asked dropped. */
export class GraphViews {
  readonly #store: GraphStore;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #pendingOf: (root: string) => number | undefined;
  readonly #onChanged: (root: string) => void;
  readonly #entries = new Map<string, Entry>();

  constructor({ store, log, now, pendingOf, onChanged }: GraphViewsDeps) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
    this.#pendingOf = pendingOf ?? (() => undefined);
    this.#onChanged = onChanged ?? (() => {});
  }

  /** Undefined for a workspace that was never indexed. Concurrent callers share one load. */
  async open(root: string): Promise<OpenView | undefined> {
    const entry = this.#entries.get(root);
    if (entry === undefined) return this.#load(root);
    if (this.#now() - entry.checkedAt < RECHECK_INTERVAL_MS) return this.#touch(root, entry).opened;
    entry.checkedAt = this.#now();
    const isCurrent = await this.#isCurrent(root, entry);
    // A publication or another load may have come meanwhile: then that entry is the newer one.
    if (isCurrent || this.#entries.get(root) !== entry) return (this.#entries.get(root) ?? entry).opened;
    return this.#load(root);
  }

  /** Replaces the view of a workspace by what was just published; no load is needed. */
  replace(summary: GenerationSummary, columns: GraphColumns): void {
    this.#keep(summary.root, Promise.resolve(this.#viewOf(summary, columns)));
    this.#onChanged(summary.root);
  }

  /**
   * Applies a patch to a generation, for questions at once and in the store. False when it is not the one that is in use,
   * here or there, or when the patch does not fit: then the patch was made for another state of the graph.
   */
  async patch(root: string, generation: number, patch: GraphPatch): Promise<boolean> {
    const entry = this.#entries.get(root);
    const open = await entry?.opened;
    if (entry === undefined || open?.summary.generation !== generation) return false;
    const { view, summary } = open;
    const changes = view.apply(patch);
    const counts = graphCounts(view.columns);
    const patched = {
      ...summary,
      ...counts,
      nodeRows: view.nodeCount,
      fileRows: view.columns.files.length,
      unresolvedPackages: [...patch.unresolvedPackages],
      revision: summary.revision + 1,
      publishedAt: new Date().toISOString(),
    };
    entry.opened = Promise.resolve({ ...open, summary: patched, sweep: this.#sweepOf(root, view.columns) });
    entry.isPatched = true;
    this.#onChanged(root);
    let isStored = false;
    try {
      const { danglingEdges } = changes;
      const stored = { generation, revision: summary.revision, columns: view.columns, changes, counts };
      isStored = danglingEdges === 0 && (await this.#store.patch(stored));
      if (!isStored) this.#log.warn({ root, generation, danglingEdges }, 'a patch does not fit the graph');
      return isStored;
    } finally {
      entry.isPatched = false;
      // What is not stored is not answered from either: the next question loads what is.
      if (!isStored && this.#entries.get(root) === entry) this.#entries.delete(root);
    }
  }

  /** Somebody has published: the next question looks for the newer generation. */
  recheck(root: string): void {
    const entry = this.#entries.get(root);
    if (entry !== undefined) entry.checkedAt = -Infinity;
    this.#onChanged(root);
  }

  #load(root: string): Promise<OpenView | undefined> {
    const opened = this.#store.load(root).then((loaded) => {
      return loaded === undefined ? undefined : this.#viewOf(loaded.summary, loaded.columns);
    });
    const entry = this.#keep(root, opened);
    const forget = (): void => {
      if (this.#entries.get(root) === entry) this.#entries.delete(root);
    };
    // Neither an absence nor a failure is remembered: the next question tries again.
    opened.then((view) => view ?? forget(), forget);
    return opened;
  }

  async #isCurrent(root: string, entry: Entry): Promise<boolean> {
    try {
      const [published, open] = await Promise.all([this.#store.find(root), entry.opened]);
      // What is being stored is known here already.
      if (entry.isPatched) return true;
      const isSame = published?.generation === open?.summary.generation;
      return isSame && published?.revision === open?.summary.revision;
    } catch (error) {
      this.#log.warn({ err: error, root }, 'could not look for a newer graph; answering from memory');
      return true;
    }
  }

  #viewOf(summary: GenerationSummary, columns: GraphColumns): OpenView {
    const { root } = summary;
    return {
      root,
      summary,
      view: new GraphView(columns, summary),
      sweep: this.#sweepOf(root, columns),
    };
  }

  /** Where edits are followed, that is known without looking at every file. */
  #sweepOf(root: string, columns: GraphColumns): OpenView['sweep'] {
    const sweep = new FileSweep(root, columns.files, this.#now);
    return {
      countChanged: () => {
        const pending = this.#pendingOf(root);
        return pending === undefined ? sweep.countChanged() : Promise.resolve(pending);
      },
    };
  }

  #keep(root: string, opened: Promise<OpenView | undefined>): Entry {
    return this.#touch(root, { opened, checkedAt: this.#now(), isPatched: false });
  }

  #touch(root: string, entry: Entry): Entry {
    this.#entries.delete(root);
    this.#entries.set(root, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_VIEWS && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}
