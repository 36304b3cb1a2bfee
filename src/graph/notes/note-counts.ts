import type { Log } from '../../core/log.ts';
import type { NoteStore } from './note-store.ts';

/** Notes of other processes are seen this much later; those of this one at once. */
const RECHECK_INTERVAL_MS = 5_000;

type Counts = ReadonlyMap<string, number>;

export interface NoteCountsDeps {
  readonly store: Pick<NoteStore, 'countByNode'>;
  readonly log: Log;
  /** Milliseconds that only grow; the default is the process's own clock. */
  readonly now?: () => number;
}

/** How many notes each symbol has, from memory, so that a question about code waits for no database. */
export class NoteCounts {
  readonly #store: NoteCountsDeps['store'];
  readonly #log: Log;
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly counts: Promise<Counts>; readonly readAt: number }>();

  constructor({ store, log, now = () => performance.now() }: NoteCountsDeps) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
  }

  /** None where they can't be read: notes are no part of what the graph knows. */
  async of(root: string, nodeId: string): Promise<number> {
    const entry = this.#entries.get(root);
    const isFresh = entry !== undefined && this.#now() - entry.readAt < RECHECK_INTERVAL_MS;
    return (await (isFresh ? entry.counts : this.#read(root))).get(nodeId) ?? 0;
  }

  /** Notes were written or deleted here: the next question reads them anew. */
  forget(): void {
    this.#entries.clear();
  }

  #read(root: string): Promise<Counts> {
    const counts = this.#store.countByNode(root).catch((error: unknown) => {
      this.#log.warn({ err: error, root }, 'could not count notes');
      return new Map<string, number>();
    });
    this.#entries.set(root, { counts, readAt: this.#now() });
    return counts;
  }
}
