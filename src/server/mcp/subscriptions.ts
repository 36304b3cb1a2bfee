import { AppError } from '../../core/errors.ts';
import { MAX_URI_LENGTH } from './resource-table.ts';
import type { SurfaceBackend } from './surface-backend.ts';

export interface SubscriptionLimits {
  /** Resources that one connection may watch. */
  readonly perConnection: number;
  /** Resources that all connections may watch together, each counted for each of them. */
  readonly inAll: number;
}

/** A client follows some runs and looks at some files; who wants to know of everything should ask for lists. */
export const DEFAULT_SUBSCRIPTION_LIMITS: SubscriptionLimits = { perConnection: 100, inAll: 2_000 };

/** What one connection watches. */
export interface Subscriber {
  /**
   * From now on these, and no others. Throws `limit_reached`, and `invalid_input` for what is too long for a URI; then
   * nothing has changed.
   */
  set(uris: ReadonlySet<string>): void;
}

interface Watched {
  /** Ways to tell, and how many connections share each. */
  readonly told: Map<(uri: string) => void, number>;
  readonly stop: () => void;
}

/** The resources that the clients of one endpoint watch; each is watched once, however many they are. */
export class Subscriptions {
  readonly #backend: Pick<SurfaceBackend, 'watch'>;
  readonly #limits: SubscriptionLimits;
  readonly #watched = new Map<string, Watched>();
  #total = 0;

  constructor(backend: Pick<SurfaceBackend, 'watch'>, limits: SubscriptionLimits = DEFAULT_SUBSCRIPTION_LIMITS) {
    this.#backend = backend;
    this.#limits = limits;
  }

  /** A connection ends by watching nothing. Several that give the same function are told of a change by one call. */
  connect(onUpdate: (uri: string) => void): Subscriber {
    let current: ReadonlySet<string> = new Set();
    return {
      set: (uris) => {
        this.#check(uris, current);
        const former = current;
        current = new Set(uris);
        for (const uri of current) if (!former.has(uri)) this.#add(uri, onUpdate);
        for (const uri of former) if (!current.has(uri)) this.#remove(uri, onUpdate);
      },
    };
  }

  #check(uris: ReadonlySet<string>, current: ReadonlySet<string>): void {
    const { perConnection, inAll } = this.#limits;
    // To watch less is always in order.
    if (uris.size <= current.size) return;
    if (uris.size > perConnection) {
      throw new AppError('limit_reached', `A connection may watch ${perConnection} resources, not ${uris.size}.`, {
        hint: 'Unsubscribe from some first.',
      });
    }
    if (this.#total - current.size + uris.size > inAll) {
      throw new AppError('limit_reached', `All connections together may watch ${inAll} resources.`, {
        hint: 'Try again later, or read the resource when you need it.',
      });
    }
    const long = [...uris].find((uri) => uri.length > MAX_URI_LENGTH);
    if (long === undefined) return;
    throw new AppError('invalid_input', `The URI ${long.slice(0, 80)}… is longer than ${MAX_URI_LENGTH} characters.`);
  }

  #add(uri: string, onUpdate: (uri: string) => void): void {
    this.#total += 1;
    const { told } = this.#watched.get(uri) ?? this.#begin(uri);
    told.set(onUpdate, (told.get(onUpdate) ?? 0) + 1);
  }

  #remove(uri: string, onUpdate: (uri: string) => void): void {
    this.#total -= 1;
    const { told, stop } = this.#watched.get(uri) ?? this.#begin(uri);
    const left = (told.get(onUpdate) ?? 0) - 1;
    if (left > 0) told.set(onUpdate, left);
    else told.delete(onUpdate);
    if (told.size > 0) return;
    this.#watched.delete(uri);
    stop();
  }

  #begin(uri: string): Watched {
    const told = new Map<(uri: string) => void, number>();
    const stop = this.#backend.watch(uri, () => {
      for (const tell of told.keys()) tell(uri);
    });
    const watched = { told, stop };
    this.#watched.set(uri, watched);
    return watched;
  }
}
