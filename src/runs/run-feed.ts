import { followNotifications } from '../core/db/index.ts';
import type { Database, NotificationFeed } from '../core/db/index.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { RUN_CHANNEL } from './run-announcer.ts';

export interface RunFeedDeps {
  readonly database: Database;
  readonly log: Log;
  /** Whose messages are our own: those changes are known here already. */
  readonly sender: string;
  /** Runs that another process has changed. */
  readonly onChanged: (runIds: readonly string[]) => Promise<void>;
  /** Messages may have been missed: what is followed must be looked at. */
  readonly onGap: () => Promise<void>;
}

/** The one connection by which a process hears of changed runs. */
export function followRuns(deps: RunFeedDeps): NotificationFeed {
  const { database, log, sender } = deps;
  const noted = (work: Promise<void>): void => {
    work.catch((error: unknown) => log.debug({ reason: messageOf(error) }, 'changed runs could not be read'));
  };
  return followNotifications({
    url: database.url,
    log,
    applicationName: 'lightdom feed',
    channel: RUN_CHANNEL,
    onMessage(payload) {
      const [from, ...runIds] = payload.split(' ');
      if (from !== sender && runIds.length > 0) noted(deps.onChanged(runIds));
    },
    onConnected: () => noted(deps.onGap()),
  });
}
