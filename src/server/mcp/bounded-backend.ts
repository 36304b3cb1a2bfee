import { AppError } from '../../core/errors.ts';
import { firstOf } from './first-of.ts';
import type { CallContext, SurfaceBackend } from './surface-backend.ts';

export interface CallBounds {
  /** Calls at work at a time. */
  readonly maxConcurrent: number;
  /** Calls that wait for one of them to end. */
  readonly maxWaiting: number;
}

/**
 * The same surface with a limit on what one client may have at work. Calls beyond it wait in the order in which they came,
 * and are refused with `limit_reached` when too many wait.
 */
export function boundedBackend(backend: SurfaceBackend, bounds: CallBounds): SurfaceBackend {
  const places = new Places(bounds);
  return {
    callTool: (name, input, call) => places.hold(call, () => backend.callTool(name, input, call)),
    readResource: (uri, call) => places.hold(call, () => backend.readResource(uri, call)),
    getPrompt: (name, args, call) => places.hold(call, () => backend.getPrompt(name, args, call)),
  };
}

class Places {
  readonly #bounds: CallBounds;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(bounds: CallBounds) {
    this.#bounds = bounds;
  }

  async hold<T>({ signal }: CallContext, work: () => Promise<T>): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    const { maxConcurrent, maxWaiting } = this.#bounds;
    if (this.#taken < maxConcurrent) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.length >= maxWaiting) {
      const message = `${maxConcurrent} calls are at work and ${maxWaiting} wait: this one is one too many.`;
      throw new AppError('limit_reached', message, { hint: 'Wait for the answers to some of them.' });
    }
    let next = (): void => {};
    const turn = new Promise<true>((resolve) => {
      next = () => resolve(true);
    });
    this.#waiting.push(next);
    // The place of an ended call goes straight to the one whose turn it is.
    if ((await firstOf(turn, signal)) === true) return;
    const index = this.#waiting.indexOf(next);
    if (index >= 0) this.#waiting.splice(index, 1);
    else this.#give();
    throw new AppError('cancelled', 'The call was cancelled before it began.');
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
