import type { FollowState } from './follow-timing.ts';
import type { FollowerDeps } from './workspace-follower.ts';
import { WorkspaceFollower } from './workspace-follower.ts';

/** Each watches as many files as its workspace has. */
const MAX_FOLLOWED = 4;
/** Each open compiler holds the types of its workspace. */
const MAX_OPEN = 2;
/** A process that only asks one question is gone before it has begun to watch. */
const START_AFTER_MS = 1_500;

export interface FollowersOptions {
  /** All that a follower of the root needs. */
  readonly depsOf: (root: string) => Omit<FollowerDeps, 'onOpening'>;
  readonly startAfterMs?: number;
}

/** The workspaces that are kept in step with their files: those that were asked for last. */
export class WorkspaceFollowers {
  readonly #options: FollowersOptions;
  readonly #followers = new Map<string, WorkspaceFollower>();
  readonly #starting = new Map<string, NodeJS.Timeout>();
  /** Of followers that made room. */
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  /** Somebody asks about the workspace; its graph is of this generation. */
  follow(root: string, generation: number): void {
    const known = this.#followers.get(root);
    if (known !== undefined) {
      known.noteGeneration(generation);
      this.#followers.delete(root);
      this.#followers.set(root, known);
      return;
    }
    if (this.#isClosed || this.#starting.has(root)) return;
    const timer = setTimeout(() => this.#start(root), this.#options.startAfterMs ?? START_AFTER_MS);
    timer.unref();
    this.#starting.set(root, timer);
  }

  pendingOf(root: string): number | undefined {
    return this.#followers.get(root)?.pending;
  }

  stateOf(root: string): FollowState | undefined {
    return this.#followers.get(root)?.state;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#starting.values()) clearTimeout(timer);
    this.#starting.clear();
    const followers = [...this.#followers.values()];
    this.#followers.clear();
    await Promise.all([...this.#closing, ...followers.map((follower) => follower.close())]);
  }

  /** Those that nobody has edited for the longest time let go of their compilers. */
  #restOthers(root: string): void {
    const open = [...this.#followers].filter(([other, { state }]) => other !== root && state === 'following');
    const oldestFirst = open.toSorted(([, one], [, two]) => one.lastTouch - two.lastTouch);
    for (const [, follower] of oldestFirst.slice(0, Math.max(0, open.length + 1 - MAX_OPEN))) void follower.rest();
  }

  #start(root: string): void {
    this.#starting.delete(root);
    const onOpening = (): void => this.#restOthers(root);
    this.#followers.set(root, new WorkspaceFollower({ ...this.#options.depsOf(root), onOpening }));
    const [oldest] = this.#followers.entries();
    if (this.#followers.size <= MAX_FOLLOWED || oldest === undefined) return;
    this.#followers.delete(oldest[0]);
    const closing = oldest[1].close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
