import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { findOwner } from '../../core/data-folder/index.ts';
import type { Owner } from '../../core/data-folder/index.ts';
import { AppError } from '../../core/errors.ts';
import type { MasterLink, MasterSource } from '../mcp/master-source.ts';
import { asAppError } from '../surface-failure.ts';
import type { CliSession } from './cli-session.ts';
import { connect } from './with-backend.ts';
import type { Connection } from './with-backend.ts';

/** An owner that was killed is noticed within this time; a look is one small file and one signal 0. */
const WATCH_INTERVAL_MS = 500;
const FIRST_RETRY_DELAY_MS = 1_000;
const MAX_RETRY_DELAY_MS = 30_000;

/**
 * Keeps this process connected to the master of its data folder: attaches to whoever owns the folder, and when that one
 * is gone becomes the owner, or attaches to the process that was faster.
 */
export class OwnerFollower implements MasterSource {
  readonly #session: CliSession;
  readonly #closing = new AbortController();
  readonly #wanted = new AbortController();
  readonly #begun = new AbortController();
  #joined: Promise<Joined> | undefined;
  #failure: AppError | undefined;
  #wake = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(session: CliSession) {
    this.#session = session;
  }

  /** `graceMs`: how long it may wait for a first call before it looks for a master, or becomes it. */
  start(graceMs: number): void {
    this.#following = this.#follow(graceMs);
  }

  /** Resolves when nothing of it is left; a master of this process is stopped, and one that is starting as well. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('cancelled', 'This process is ending.'));
    await this.#following;
  }

  async current(): Promise<MasterLink> {
    // Each makes an error, with its stack, even for what is aborted already.
    if (!this.#wanted.signal.aborted) this.#wanted.abort();
    const { begun, closing } = { begun: this.#begun.signal, closing: this.#closing.signal };
    if (!begun.aborted) await once(AbortSignal.any([begun, closing]), 'abort');
    if (this.#joined === undefined) throw new AppError('cancelled', 'This process is ending.');
    const { connection, gone } = await this.#joined;
    return { backend: connection.backend, gone: gone.signal };
  }

  lookNow(): void {
    this.#wake.abort();
  }

  lastFailure(): AppError | undefined {
    return this.#failure;
  }

  async #follow(graceMs: number): Promise<void> {
    const { signal } = this.#closing;
    await this.#pause(graceMs, this.#wanted.signal);
    let lost: Joined | undefined;
    let retryDelayMs = FIRST_RETRY_DELAY_MS;
    while (!signal.aborted) {
      this.#joined = this.#join(retryDelayMs);
      this.#begun.abort();
      // Only now: the calls that this sets free ask for the next master.
      lost?.gone.abort(new AppError('not_ready', 'The master is gone.'));
      lost = await this.#joined.catch(() => undefined);
      if (lost === undefined) {
        await this.#pause(retryDelayMs);
        retryDelayMs = Math.min(MAX_RETRY_DELAY_MS, retryDelayMs * 2);
      } else {
        retryDelayMs = FIRST_RETRY_DELAY_MS;
        await this.#untilGone(lost.connection.owner);
        await lost.connection.close();
      }
    }
  }

  async #join(retryDelayMs: number): Promise<Joined> {
    const { log } = this.#session;
    try {
      const connection = await connect(this.#session, this.#closing.signal);
      const { owner } = connection;
      if (owner === undefined) log.info('this process is the master');
      else log.info({ pid: owner.pid }, 'attached to the master');
      this.#failure = undefined;
      return { connection, gone: new AbortController() };
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      const failure = asAppError(error, { subject: 'The start of the master', log });
      log.error({ reason: failure.message, retryDelayMs }, 'no master could be reached or started');
      this.#failure = failure;
      throw retriedLater(failure, retryDelayMs);
    }
  }

  /** A master of this process stays until the end. */
  async #untilGone(owner: Owner | undefined): Promise<void> {
    const { log, loaded } = this.#session;
    while (!this.#closing.signal.aborted) {
      this.#wake = new AbortController();
      await this.#pause(WATCH_INTERVAL_MS, this.#wake.signal);
      if (owner === undefined || this.#closing.signal.aborted) continue;
      if (isSameOwner(owner, findOwner(loaded.config.dataDir))) continue;
      log.warn({ pid: owner.pid }, 'the master is gone; taking over unless another process is faster');
      return;
    }
  }

  async #pause(timeMs: number, ...wakers: readonly AbortSignal[]): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, ...wakers]);
    await delay(timeMs, undefined, { signal, ref: false }).catch(() => {});
  }
}

interface Joined {
  readonly connection: Connection;
  readonly gone: AbortController;
}

/** A process that gave the folder free and took it again is another owner. */
function isSameOwner(one: Owner, other: Owner | undefined): boolean {
  return one.pid === other?.pid && one.startedAt === other.startedAt && one.url === other.url;
}

function retriedLater(failure: AppError, retryDelayMs: number): AppError {
  const { code, details, hint = '' } = failure;
  const next = `It is tried again within ${Math.ceil(retryDelayMs / 1000)} s.`;
  return new AppError(code, failure.message, { hint: `${hint} ${next}`.trim(), details, cause: failure });
}
