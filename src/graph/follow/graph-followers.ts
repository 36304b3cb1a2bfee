import type { Log } from '../../core/log.ts';
import type { LivePool } from '../engine/live/live-pool.ts';
import { FileSweep } from '../file-sweep.ts';
import type { GraphViews } from '../graph-views.ts';
import type { FollowTiming } from './follow-timing.ts';
import { WorkspaceFollowers } from './workspace-followers.ts';

export interface FollowSettings {
  /** A thread for one workspace. */
  readonly createPool: () => LivePool;
  readonly startAfterMs?: number;
  readonly timing?: Partial<FollowTiming>;
}

export interface GraphFollowersDeps extends FollowSettings {
  readonly views: GraphViews;
  readonly log: Log;
  readonly now: () => number;
  readonly reindex: (root: string) => Promise<unknown>;
}

/** Followers that bring the graphs that questions are answered from in step. */
export function createGraphFollowers(deps: GraphFollowersDeps): WorkspaceFollowers {
  const { views, createPool, log, now, reindex, startAfterMs, timing } = deps;
  return new WorkspaceFollowers({
    ...(startAfterMs !== undefined && { startAfterMs }),
    depsOf: (root) => ({
      root,
      pool: createPool(),
      log,
      ...(timing !== undefined && { timing }),
      graph: async () => {
        const open = await views.open(root);
        if (open === undefined) return undefined;
        const { generation } = open.summary;
        return { generation, columns: open.view.columns, apply: (patch) => views.patch(root, generation, patch) };
      },
      countChanged: async () => {
        const open = await views.open(root);
        return open === undefined ? 0 : new FileSweep(root, open.view.columns.files, now).countChanged();
      },
      reindex: async () => {
        await reindex(root);
      },
    }),
  });
}
