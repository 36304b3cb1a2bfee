import type { Server } from '@modelcontextprotocol/server';
import type { Log } from '../../core/log.ts';
import type { Catalog } from '../../surface/index.ts';
import { asAppError } from '../surface-failure.ts';
import { ResourceTable } from './resource-table.ts';
import { identityOf } from './call-identity.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { WatchPermission } from './watch-permission.ts';
import { resourceErrorOf } from './wire-error.ts';

export interface SubscriptionDeps {
  readonly catalog: Catalog;
  readonly subscriptions: Subscriptions;
  readonly permit: WatchPermission;
  readonly log: Log;
}

/** Whether any resource of the catalog says when it changes: only then are subscriptions announced. */
export function hasUpdates({ resources }: Catalog): boolean {
  return resources.some((resource) => resource.watch !== undefined);
}

/**
 * `resources/subscribe` and `unsubscribe` of protocol 2025-11-25 and before, for the connection of this server. Newer
 * clients listen, which is served where their streams are.
 */
export function serveSubscriptions(server: Server, { catalog, subscriptions, permit, log }: SubscriptionDeps): void {
  const table = new ResourceTable(catalog.resources);
  const tell = (uri: string): void => {
    server.sendResourceUpdated({ uri }).catch((error: unknown) => log.debug({ err: error, uri }, 'an update got lost'));
  };
  const subscriber = subscriptions.connect(tell);
  const uris = new Set<string>();
  server.onclose = () => {
    uris.clear();
    subscriber.set(uris);
  };
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, request) => {
    try {
      table.get(uri);
      await permit(uri, identityOf(request));
      subscriber.set(new Set([...uris, uri]));
      uris.add(uri);
      return {};
    } catch (error) {
      throw resourceErrorOf(asAppError(error, { subject: 'The subscription', log }), uri);
    }
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    uris.delete(uri);
    subscriber.set(uris);
    return {};
  });
}
