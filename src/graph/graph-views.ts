import type { Log } from '../core/log.ts';
import { FileSweep } from './file-sweep.ts';
import type { GraphColumns } from './graph-schema.ts';
import type { GenerationSummary, GraphStore } from './graph-store.ts';
import { GraphView } from './query/graph-view.ts';

/** Another process on the same database may publish: its generation is seen this much later. */
const RECHECK_INTERVAL_MS = 5_000;
/** A view of a million edges takes about 150 MB; agents work in a few workspaces at a time. */
const MAX_VIEWS = 4;

/** The published generation of one workspace, ready to be asked. */
export interface OpenView {
  readonly root: string;
  readonly summary: GenerationSummary;
  readonly view: GraphView;
  readonly sweep: FileSweep;
}

interface Entry {
  readonly opened: Promise<OpenView | undefined>;
  checkedAt: number;
}

/** Views by workspace: loaded when first asked for, replaced by publications, the least recently asked dropped. */
export class GraphViews {
  readonly #store: GraphStore;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(store: GraphStore, log: Log, now: () => number) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
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
  }

  /** The next question looks whether there is a newer generation. */
  recheck(): void {
    for (const entry of this.#entries.values()) entry.checkedAt = -Infinity;
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
      return published?.generation === open?.summary.generation;
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
      sweep: new FileSweep(root, columns.files, this.#now),
    };
  }

  #keep(root: string, opened: Promise<OpenView | undefined>): Entry {
    return this.#touch(root, { opened, checkedAt: this.#now() });
  }

  #touch(root: string, entry: Entry): Entry {
    this.#entries.delete(root);
    this.#entries.set(root, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_VIEWS && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}
