import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Services } from '../../services.ts';
import type { ResourceTable } from './resource-table.ts';
import { UpdatePace } from './update-pace.ts';

export interface ResourceUpdatesDeps {
  readonly table: ResourceTable;
  services(): Promise<Services>;
  readonly log: Log;
}

interface Watched {
  readonly listeners: Set<() => void>;
  readonly pace: UpdatePace;
  /** Ends what the resource has begun, now or as soon as it has. */
  readonly ended: AbortController;
}

/** The resources of this process that somebody watches: each is watched once, whoever wants to know. */
export class ResourceUpdates {
  readonly #deps: ResourceUpdatesDeps;
  readonly #watched = new Map<string, Watched>();

  constructor(deps: ResourceUpdatesDeps) {
    this.#deps = deps;
  }

  /** A resource that never changes is watched in vain. */
  watch(uri: string, onUpdate: () => void): () => void {
    const watched = this.#watched.get(uri) ?? this.#begin(uri);
    // A function of its own: the same listener may come twice.
    const listener = (): void => onUpdate();
    watched.listeners.add(listener);
    return () => {
      if (!watched.listeners.delete(listener) || watched.listeners.size > 0) return;
      this.#watched.delete(uri);
      watched.pace.end();
      watched.ended.abort();
    };
  }

  #begin(uri: string): Watched {
    const listeners = new Set<() => void>();
    const pace = new UpdatePace(() => {
      for (const listener of listeners) listener();
    });
    const watched: Watched = { listeners, pace, ended: new AbortController() };
    this.#watched.set(uri, watched);
    void this.#attach(uri, watched).catch((error: unknown) => {
      this.#deps.log.debug({ uri, reason: messageOf(error) }, 'a resource can not be watched');
    });
    return watched;
  }

  async #attach(uri: string, { pace, ended }: Watched): Promise<void> {
    const { resource, variables } = this.#deps.table.get(uri);
    if (resource.watch === undefined) return;
    const stop = await resource.watch(variables, await this.#deps.services(), () => pace.change());
    if (ended.signal.aborted) stop();
    else ended.signal.addEventListener('abort', stop, { once: true });
  }
}
