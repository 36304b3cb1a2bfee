import { EventEmitter } from 'node:events';

/** Event name → tuple of listener arguments. */
export type EventMap<T> = Record<keyof T, unknown[]>;

export interface EventSource<T extends EventMap<T>> {
  on<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): () => void;
  once<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): () => void;
  /** Takes one registration of a listener away, the latest first; nothing when there is none. */
  off<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): void;
}

/**
 * A typed emitter. Unlike Node's, `error` is an event like any other (no listener, no crash), and `on` returns
 * the function that takes the listener away.
 */
export class TypedEvents<T extends EventMap<T>> implements EventSource<T> {
  /** Any number of listeners is in order: each waiting caller is one. */
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  on<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): () => void {
    return this.#add(name, listener, false);
  }

  once<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): () => void {
    return this.#add(name, listener, true);
  }

  off<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void): void {
    this.#emitter.off(`on:${name}`, listener);
  }

  emit<K extends keyof T & string>(name: K, ...args: T[K]): void {
    this.#emitter.emit(`on:${name}`, args);
  }

  listenerCount(name: keyof T & string): number {
    return this.#emitter.listenerCount(`on:${name}`);
  }

  #add<K extends keyof T & string>(name: K, listener: (...args: T[K]) => void, isOnce: boolean): () => void {
    const call = (args: T[K]): void => {
      if (isOnce) this.#emitter.off(`on:${name}`, wrapped);
      listener(...args);
    };
    // The emitter finds a wrapper by what it wraps under this name, as it does those of its own `once`.
    const wrapped = Object.assign(call, { listener });
    this.#emitter.on(`on:${name}`, wrapped);
    return () => {
      this.#emitter.off(`on:${name}`, wrapped);
    };
  }
}
