import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { expect } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { LivePool } from '../../../src/graph/engine/live/live-pool.ts';
import { FileSweep } from '../../../src/graph/file-sweep.ts';
import type { FollowedGraph } from '../../../src/graph/follow/followed-graph.ts';
import type { FollowTiming } from '../../../src/graph/follow/follow-timing.ts';
import type { FollowerDeps } from '../../../src/graph/follow/workspace-follower.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { COMPILER_MB, extractFolder } from '../engine/extract-folder.ts';
import { contentOf, freshContentOf, writeEdit } from './live-folder.ts';
import type { Edit } from './live-folder.ts';

const MAX_FILE_BYTES = 1_000_000;
/** Long enough for whole reads on a busy machine; only a failure waits for so long. */
const PATIENCE = { timeout: 40_000, interval: 25 };
const SHORT: FollowTiming = { settleMs: 10, verifyAfterMs: 60, idleMs: 600_000, reindexMs: 50 };

export function createLivePool(): LivePool {
  return new LivePool({
    memoryMb: 1024,
    compilerMemoryMb: COMPILER_MB,
    maxFileBytes: MAX_FILE_BYTES,
    engine: 'ts7',
  });
}

/** What {@link FollowedFolder.isLevel} asks of a follower. */
interface Following {
  readonly pending: number | undefined;
}

/** A folder with a graph in memory, and all that a follower of it needs. */
export class FollowedFolder {
  readonly root: string;
  view: GraphView;
  /** Patches that were applied. */
  patches = 0;
  /** Whole indexes that were asked for. */
  reindexed = 0;

  private constructor(root: string, columns: GraphColumns) {
    this.root = root;
    this.view = viewOf(columns);
  }

  static async open(root: string, files: Edit): Promise<FollowedFolder> {
    await writeEdit(root, files);
    return new FollowedFolder(root, await columnsOf(root));
  }

  depsWith(pool: LivePool, timing: Partial<FollowTiming> = {}): FollowerDeps {
    return {
      root: this.root,
      pool,
      log: createSilentLog(),
      timing: { ...SHORT, ...timing },
      graph: () => Promise.resolve(this.#graph()),
      countChanged: () => new FileSweep(this.root, this.view.columns.files, () => performance.now()).countChanged(),
      reindex: async () => {
        this.reindexed += 1;
        await this.publish();
      },
    };
  }

  /** Another index of the workspace, as another process makes it. */
  async publish(columns?: GraphColumns): Promise<number> {
    this.view = viewOf(columns ?? (await columnsOf(this.root)), this.view.generation + 1);
    return this.view.generation;
  }

  write(edit: Edit): Promise<void> {
    return writeEdit(this.root, edit);
  }

  /** Waits until the graph is as if it were made anew, and the follower knows that it is. */
  async isLevel(follower: Following): Promise<void> {
    const expected = await freshContentOf(this.root);
    await until(() => ({ ...contentOf(this.view), pending: follower.pending }), { ...expected, pending: 0 });
  }

  #graph(): FollowedGraph {
    const { view } = this;
    return {
      generation: view.generation,
      columns: view.columns,
      apply: (patch) => {
        if (view !== this.view) return Promise.resolve(false);
        this.patches += 1;
        return Promise.resolve(view.apply(patch).danglingEdges === 0);
      },
    };
  }
}

async function columnsOf(root: string): Promise<GraphColumns> {
  return (await extractFolder(root, { engine: 'ts7', maxFileBytes: MAX_FILE_BYTES })).columns;
}

/** Waits until `look` finds it so. */
export async function until(look: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(look, PATIENCE).toEqual(expected);
}

/** Native compilers that a process has started, those included that nobody has collected yet. */
export function compilersOf(parent = process.pid): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, command, owner] = /\((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return command === 'tsc' && Number(owner) === parent ? [Number(name)] : [];
    } catch {
      // It ended while the list was read.
      return [];
    }
  });
}
