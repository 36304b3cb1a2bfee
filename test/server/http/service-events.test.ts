import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServiceFolder } from '../../support/service-folder.ts';
import { readEvents } from '../../support/event-reader.ts';
import type { EventReader } from '../../support/event-reader.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';

/** Services of a manifest, seen through the stream of the whole product. */
describe('events of services', () => {
  const folder = createServiceFolder();
  const readers: EventReader[] = [];
  let app: SecuredApp;

  beforeAll(async () => {
    app = await openSecuredApp({ manifest: folder.manifest, workspace: folder.path });
  });

  afterAll(async () => {
    for (const reader of readers) reader.cut();
    await app.close();
    folder.remove();
  });

  const live = async (query: string, token = app.localToken): Promise<EventReader> => {
    const reader = await readEvents(app.url.replace(/\/mcp$/, ''), { token, query });
    readers.push(reader);
    await reader.until(({ lastId }) => lastId !== undefined);
    return reader;
  };

  const typesOf = ({ events }: EventReader): Set<string> => new Set(events.map(({ type }) => type));

  it('are changes and lines of the one that is asked for; lines have no id', async () => {
    const { supervisor } = app.services;
    const one = await live('?type=service&service=talker');
    const all = await live('');
    const other = await live('?type=service.changed&service=reader');
    supervisor.restart('talker');
    await one.until(({ events }) => events.some(({ data }) => data['line'] === 'hello from talker'));
    await one.until(({ events }) => events.some(({ data }) => data['state'] === 'ready'));
    expect(typesOf(one)).toEqual(new Set(['service.changed', 'service.log']));
    expect(new Set(one.events.map(({ data }) => data['service']))).toEqual(new Set(['talker']));
    const changes = one.events.filter(({ type }) => type === 'service.changed').map(({ data }) => data['state']);
    expect(changes).toEqual(['stopping', 'starting', 'running', 'ready']);
    await all.until(({ events }) => events.filter(({ type }) => type === 'service.changed').length >= 4);
    expect(typesOf(all)).not.toContain('service.log');
    expect(other.events).toEqual([]);
  });

  it('are kept, but for lines: who comes again gets the changes', async () => {
    const again = await live('?type=service&service=talker&lastEventId=0');
    await again.until(({ events }) => events.some(({ data }) => data['state'] === 'ready'));
    expect(typesOf(again)).toEqual(new Set(['service.changed']));
  });

  it('show an alert, and no line to who may only read', async () => {
    const token = await app.issuer.token({ subject: 'ada', scope: 'lightdom:read' });
    const reader = await live('?type=service', token);
    app.services.supervisor.startService('broken');
    await reader.until(({ events }) => events.some(({ type }) => type === 'service.alert'));
    expect(reader.events.find(({ type }) => type === 'service.alert')?.data).toMatchObject({
      service: 'broken',
      kind: 'failed',
    });
    expect(typesOf(reader)).toEqual(new Set(['service.changed', 'service.alert']));
  });
});
