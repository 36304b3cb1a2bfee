import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { firstOf } from './first-of.ts';
import type { MasterLink, MasterSource } from './master-source.ts';
import type { SurfaceBackend } from './surface-backend.ts';

const RETRY_INTERVAL_MS = 1_000;

interface Watch {
  readonly uri: string;
  readonly onUpdate: () => void;
  stop: () => void;
}

/** Updates from whoever is the master. When that is another one, whatever is watched is said to have changed. */
export class FollowedUpdates {
  readonly #source: Pick<MasterSource, 'current'>;
  readonly #watches = new Set<Watch>();
  #backend: SurfaceBackend | undefined;
  #isFollowing = false;
  #idle = new AbortController();

  constructor(source: Pick<MasterSource, 'current'>) {
    this.#source = source;
  }

  watch(uri: string, onUpdate: () => void): () => void {
    const watch: Watch = { uri, onUpdate, stop: this.#backend?.watch(uri, onUpdate) ?? (() => {}) };
    this.#watches.add(watch);
    if (!this.#isFollowing) void this.#follow();
    return () => {
      watch.stop();
      this.#watches.delete(watch);
      if (this.#watches.size === 0) this.#idle.abort();
    };
  }

  async #follow(): Promise<void> {
    this.#isFollowing = true;
    for (let isFirst = true; this.#watches.size > 0;) {
      this.#idle = new AbortController();
      const link = await this.#findLink(this.#idle.signal);
      if (link === undefined) continue;
      this.#attach(link.backend);
      if (!isFirst) for (const { onUpdate } of this.#watches) onUpdate();
      isFirst = false;
      const isOver = AbortSignal.any([link.gone, this.#idle.signal]);
      if (!isOver.aborted) await once(isOver, 'abort');
      this.#detach();
    }
    this.#isFollowing = false;
  }

  async #findLink(signal: AbortSignal): Promise<MasterLink | undefined> {
    try {
      return await firstOf(this.#source.current(), signal);
    } catch {
      // Why there is none is told to those who call.
      await firstOf(delay(RETRY_INTERVAL_MS, undefined, { ref: false }), signal);
      return undefined;
    }
  }

  #attach(backend: SurfaceBackend): void {
    this.#backend = backend;
    for (const watch of this.#watches) watch.stop = backend.watch(watch.uri, watch.onUpdate);
  }

  #detach(): void {
    this.#backend = undefined;
    for (const watch of this.#watches) watch.stop();
  }
}
