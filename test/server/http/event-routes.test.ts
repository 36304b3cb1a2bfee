import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { EventOutbox, EventOutboxStore } from '../../../src/events/event-runtime.ts';
import type { NewEvent } from '../../../src/events/index.ts';
import { Metrics } from '../../../src/metrics/metrics-runtime.ts';
import type { EventRoutesOptions } from '../../../src/server/http/event-routes.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { readEvents } from '../../support/event-reader.ts';
import type { EventReader, ReadOptions } from '../../support/event-reader.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer-server.ts';
import type { IssuerServer } from '../../support/issuer-server.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const log = createSilentLog();
const SMALL = { maxRows: 20, maxAgeMs: 3_600_000, maxWaiting: 10_000 };

describe('GET /api/events', () => {
  let database: TestDatabase;
  let outbox: EventOutbox;
  let issuer: IssuerServer;
  let server: HttpServer;
  let metrics: Metrics;
  const readers: EventReader[] = [];

  const open = async (options: Partial<EventRoutesOptions> & { rows?: typeof SMALL } = {}): Promise<void> => {
    const { rows, ...routes } = options;
    const store = new EventOutboxStore(database.database);
    outbox = new EventOutbox({ store, log, stream: 'test', ...(rows === undefined ? {} : { limits: rows }) });
    await outbox.open();
    metrics = new Metrics({ version: '0', toolNames: [], log });
    const oauth = { issuer: issuer.issuer, audience: AUDIENCE, requiredScopes: [] };
    server = await serveHttp(
      { catalog: createTestCatalog().catalog, log },
      { config: { host: '127.0.0.1', port: 0, oauth }, events: { outbox, ...routes }, metrics },
    );
  };

  const connect = async (options: Partial<ReadOptions> = {}): Promise<EventReader> => {
    const reader = await readEvents(server.url, { token: TOKEN, ...options });
    readers.push(reader);
    return reader;
  };

  /** A stream that is known to be live. */
  const live = async (options: Partial<ReadOptions> = {}): Promise<EventReader> => {
    const reader = await connect(options);
    await reader.until(({ lastId }) => lastId !== undefined);
    return reader;
  };

  const warn = (...numbers: readonly number[]): void => {
    for (const number of numbers) outbox.publish({ type: 'warning', data: { number } });
  };

  const numbersOf = ({ events }: EventReader): unknown[] => events.map(({ data }) => data['number']);

  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  beforeEach(async () => {
    database = await createProductDatabase();
    issuer = await startIssuer();
  });

  afterEach(async () => {
    for (const reader of readers.splice(0)) reader.cut();
    await server.close();
    await outbox.close();
    await issuer.close();
    await database.drop();
  });

  it('sends each event with a growing id, its type and JSON in one line', async () => {
    await open();
    const reader = await live();
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    outbox.publish({ type: 'warning', data: { message: 'two\nlines\r\u2028and "quotes"' } });
    outbox.publish({ type: 'phase', data: { phase: 1, title: 'Core services', outcome: 'done', detail: '' } });
    await reader.until(({ events }) => events.length === 2);
    expect(reader.events).toEqual([
      { id: 1, type: 'warning', data: { message: 'two\nlines\r\u2028and "quotes"' } },
      { id: 2, type: 'phase', data: { phase: 1, title: 'Core services', outcome: 'done', detail: '' } },
    ]);
  });

  it('needs a token, the scope read, and a query that it knows', async () => {
    await open();
    expect((await connect({ token: 'wrong' })).status).toBe(401);
    expect((await connect({ token: await issuer.token({ scope: 'other' }) })).status).toBe(403);
    const strange = ['?type=nothing', '?colour=red', '?lastEventId=x', '?lastEventId=9999999999999999'];
    const answers = await Promise.all(strange.map((query) => connect({ query })));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const unknown = await connect({ query: '?type=nothing' });
    await unknown.ended();
    expect(unknown.text).toContain('Types: initialized, started');
    expect((await connect({ method: 'HEAD' })).status).toBe(404);
  });

  it('goes on after the last event without a loss or a repetition, wherever the connection breaks', async () => {
    await open();
    const seen: unknown[] = [];
    const first = await live();
    warn(...range(1, 300));
    await first.until(({ events }) => events.length >= 100);
    first.cut();
    let lastEventId = first.events.at(-1)?.id ?? 0;
    seen.push(...numbersOf(first));
    warn(...range(301, 700));
    for (let round = 1; round <= 3; round += 1) {
      const next = await connect({ lastEventId });
      // The one before may have taken more than it waited for.
      const left = 700 + round * 100 - lastEventId;
      warn(...range(600 + round * 100 + 1, 700 + round * 100));
      await next.until(({ events }) => events.length >= Math.min(left, 150));
      next.cut();
      lastEventId = next.events.at(-1)?.id ?? lastEventId;
      seen.push(...numbersOf(next));
    }
    const last = await connect({ query: `?lastEventId=${lastEventId}` });
    await last.until(({ lastId }) => lastId === 1_000);
    seen.push(...numbersOf(last));
    expect(seen).toEqual(range(1, 1_000));
  });

  it('goes on where a client stood before the first event came, and after a restart of the master', async () => {
    await open();
    warn(1);
    await outbox.flush();
    const before = await live();
    expect(before.lastId).toBe(1);
    before.cut();
    await server.close();
    await outbox.close();
    await open();
    warn(2, 3);
    const after = await connect({ lastEventId: before.lastId ?? -1 });
    await after.until(({ events }) => events.length === 2);
    expect(after.events.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('believes the header, where a browser repeats its first URL', async () => {
    await open();
    warn(1, 2, 3);
    await outbox.flush();
    const reader = await connect({ query: '?lastEventId=0', lastEventId: 2 });
    await reader.until(({ events }) => events.length === 1);
    expect(numbersOf(reader)).toEqual([3]);
  });

  it('begins with a gap when the wanted events are gone, or are of another stream', async () => {
    await open({ rows: SMALL });
    warn(...range(1, 1_000));
    await outbox.flush();
    const late = await connect({ lastEventId: 5 });
    await late.until(({ events }) => events.length > 20);
    const [gap, ...rest] = late.events;
    expect(gap).toMatchObject({ id: 980, type: 'gap', data: { from: 6, to: 980 } });
    expect(rest.map(({ data }) => data['number'])).toEqual(range(981, 1_000));

    const stranger = await connect({ lastEventId: 5_000 });
    await stranger.until(({ events }) => events.length === 1);
    expect(stranger.events[0]).toMatchObject({ id: 1_000, type: 'gap' });
    warn(1_001);
    await stranger.until(({ events }) => events.length === 2);
    expect(stranger.events[1]).toMatchObject({ id: 1_001, type: 'warning' });
  });

  it('sends the types and the run that were asked for', async () => {
    await open();
    const phases = await live({ query: '?type=phase,warning' });
    const ofRuns = await live({ query: '?type=run&type=stopped' });
    const ofOne = await live({ query: '?runId=b' });
    const events: NewEvent[] = [
      { type: 'phase', data: {} },
      { type: 'run.changed', data: {}, runId: 'a', owner: 'local' },
      { type: 'run.log', data: {}, runId: 'b', owner: 'local' },
      { type: 'warning', data: {} },
      { type: 'run.changed', data: {}, runId: 'b', owner: 'local' },
      { type: 'stopped', data: {} },
    ];
    for (const event of events) outbox.publish(event);
    await phases.until((reader) => reader.events.length === 2);
    await ofRuns.until((reader) => reader.events.length === 4);
    await ofOne.until((reader) => reader.events.length === 2);
    expect(phases.events.map(({ type }) => type)).toEqual(['phase', 'warning']);
    expect(ofRuns.events.map(({ id }) => id)).toEqual([2, 3, 5, 6]);
    expect(ofOne.events.map(({ id }) => id)).toEqual([3, 5]);
  });

  it('shows the events of a run to its owner, to admin and on this machine alone, live and stored', async () => {
    await open();
    const token = (subject: string, scope = 'lightdom:read') => issuer.token({ subject, scope });
    const tokens = [await token('ada'), await token('bob'), await token('root', 'lightdom:admin'), TOKEN];
    const streams = await Promise.all(tokens.map((one) => live({ token: one })));
    const ownerOf = (subject: string): string => `${issuer.issuer}|${subject}`;
    for (const subject of ['ada', 'bob', 'eve']) {
      outbox.publish({ type: 'run.log', data: { subject }, runId: subject, owner: ownerOf(subject) });
    }
    outbox.publish({ type: 'warning', data: { subject: 'all' } });
    const stored = async (one: string) => connect({ token: one, lastEventId: 0 });
    for (const each of [streams, await Promise.all(tokens.map(stored))]) {
      for (const reader of each) await reader.until(({ events }) => events.at(-1)?.type === 'warning');
      const seen = each.map(({ events }) => events.map(({ data }) => data['subject']));
      expect(seen).toEqual([
        ['ada', 'all'],
        ['bob', 'all'],
        ['ada', 'bob', 'eve', 'all'],
        ['ada', 'bob', 'eve', 'all'],
      ]);
    }
    const foreign = await connect({ token: tokens[0] ?? '', query: '?runId=bob', lastEventId: 0 });
    await foreign.until(({ lastId }) => lastId !== undefined);
    outbox.publish({ type: 'run.log', data: { subject: 'bob again' }, runId: 'bob', owner: ownerOf('bob') });
    outbox.publish({ type: 'gap', data: { last: true } });
    await foreign.until(({ events }) => events.length > 0);
    expect(foreign.events.map(({ type }) => type)).toEqual(['gap']);
  });

  it('cuts off a client that takes nothing, while the others go on', async () => {
    await open({ limits: { maxStreams: 16, maxLocalStreams: 16, maxBufferedBytes: 64 * 1024 } });
    const [slow, quick] = [await live(), await live()];
    slow.stall();
    const big = 'x'.repeat(30_000);
    let sent = 0;
    while ((await metrics.text()).includes('lightdom_event_streams_dropped_total 0')) {
      outbox.publish({ type: 'warning', data: { big } });
      sent += 1;
      // In step with the quick one, which is never behind by more than one event.
      await quick.until(({ events }) => events.length === sent);
    }
    outbox.publish({ type: 'warning', data: { last: true } });
    await quick.until(({ events }) => events.length === sent + 1);
    expect(quick.isEnded).toBe(false);
    slow.resume();
    await slow.ended();
    expect(slow.events.length).toBeLessThan(sent);
    expect(await metrics.text()).toMatch(/^lightdom_event_streams_dropped_total 1$/m);
    expect(await metrics.text()).toMatch(/^lightdom_event_streams 1$/m);

    const again = await connect({ lastEventId: slow.lastId ?? 0 });
    await again.until(({ events }) => events.at(-1)?.data['last'] === true);
    expect(slow.events.length + again.events.length).toBe(sent + 1);
  });

  it('beats while nothing happens, by its clock', async () => {
    const ticks: { intervalMs: number; tick: () => void }[] = [];
    let stopped = 0;
    await open({
      ticker: (intervalMs, tick) => {
        ticks.push({ intervalMs, tick });
        return () => {
          stopped += 1;
        };
      },
    });
    const [one, other] = [await live(), await live()];
    expect(ticks.map(({ intervalMs }) => intervalMs)).toEqual([15_000]);
    ticks[0]?.tick();
    await one.until(({ comments }) => comments === 1);
    const choosy = await live({ query: '?type=stopped' });
    warn(1, 2);
    await other.until(({ events }) => events.length === 2);
    ticks[0]?.tick();
    await other.until(({ comments }) => comments === 2);
    // What it does not want is not missed by it either, when it comes back.
    await choosy.until(({ comments }) => comments === 1);
    expect(choosy).toMatchObject({ events: [], lastId: 2 });
    await server.close();
    expect(stopped).toBe(1);
  });

  it('gives 200 clients every event', async () => {
    await open();
    const clients = await Promise.all(range(1, 200).map(() => live()));
    warn(...range(1, 500));
    await Promise.all(clients.map((client) => client.until(({ events }) => events.length === 500)));
    for (const client of clients) expect(numbersOf(client)).toEqual(range(1, 500));
    expect(await metrics.text()).toMatch(/^lightdom_event_streams 200$/m);
  });

  it('bounds the streams of a principal, and takes another when one has ended', async () => {
    await open({ limits: { maxStreams: 2, maxLocalStreams: 3, maxBufferedBytes: 1_000 } });
    const ada = await issuer.token({ subject: 'ada', scope: 'lightdom:read' });
    const bob = await issuer.token({ subject: 'bob', scope: 'lightdom:read' });
    const first = await live({ token: ada });
    await live({ token: ada });
    expect((await connect({ token: ada })).status).toBe(429);
    expect((await live({ token: bob })).status).toBe(200);
    for (let count = 0; count < 3; count += 1) await live();
    expect((await connect()).status).toBe(429);
    first.cut();
    // The end of a connection is seen a moment later.
    for (;;) {
      const again = await connect({ token: ada });
      if (again.status === 200) break;
      expect(again.status).toBe(429);
    }
  });

  it('ends all streams when the server closes, with what was said last', async () => {
    await open();
    const [one, other] = [await live(), await live()];
    outbox.publish({ type: 'stopping', data: {} });
    await server.close();
    await Promise.all([one.ended(), other.ended()]);
    expect([one, other].map(({ events }) => events.map(({ type }) => type))).toEqual([['stopping'], ['stopping']]);
  });
});
