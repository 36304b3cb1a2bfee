import { describe, expect, test } from 'vitest';
import { DEFAULT_EVENT_LIMITS, SessionEvents } from '../../../src/server/http/session-events.ts';
import { failureOf } from '../../support/failure-of.ts';
import { createGate } from '../../support/gate.ts';

function note(n: number) {
  return { jsonrpc: '2.0' as const, method: 'notifications/message', params: { n } };
}

const ANSWER = { jsonrpc: '2.0' as const, id: 1, result: {} };

describe('the events of a session', () => {
  async function replayed(events: SessionEvents, from: string): Promise<unknown[]> {
    const sent: unknown[] = [];
    await events.replayEventsAfter(from, {
      send: (_id, message) => Promise.resolve(void sent.push(message)),
    });
    return sent;
  }

  test('are replayed after the last one that the client has, of its stream alone, in order', async () => {
    const events = new SessionEvents(DEFAULT_EVENT_LIMITS, () => 0);
    const first = await events.storeEvent('one', note(1));
    await events.storeEvent('two', note(2));
    await events.storeEvent('one', note(3));
    const last = await events.storeEvent('one', ANSWER);
    expect(await replayed(events, first)).toEqual([note(3), ANSWER]);
    expect(await replayed(events, last)).toEqual([]);
    expect(events.canResume(first)).toBe(true);
  });

  test('are forgotten from the oldest on, by number, size and age', async () => {
    let time = 0;
    const events = new SessionEvents({ maxEvents: 3, maxBytes: 1_000, maxAgeMs: 10 }, () => time);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await events.storeEvent('one', note(n)));
    const [zero = '', one = '', two = ''] = ids;
    expect(events.canResume(zero)).toBe(false);
    // It is forgotten itself, but nothing after it is.
    expect(await replayed(events, one)).toEqual([note(2), note(3), note(4)]);
    const big = await events.storeEvent('one', { ...note(5), params: { text: 'x'.repeat(900) } });
    expect(events.canResume(two)).toBe(false);
    expect(await replayed(events, big)).toEqual([]);
    time = 11;
    const later = await events.storeEvent('two', note(6));
    expect(events.canResume(ids.at(-1) ?? '')).toBe(false);
    expect(await replayed(events, later)).toEqual([]);
  });

  test('of a silent stream stay resumable however much others say', async () => {
    const events = new SessionEvents({ ...DEFAULT_EVENT_LIMITS, maxEvents: 2 }, () => 0);
    const standing = await events.storeEvent('standing', note(1));
    for (let n = 0; n < 50; n += 1) await events.storeEvent(`answer ${n}`, ANSWER);
    expect(await replayed(events, standing)).toEqual([]);
    await events.storeEvent('standing', note(2));
    expect(await replayed(events, standing)).toEqual([note(2)]);
  });

  test.each(['', '1', 'x.one', '9.one', '1.other', '1e3.one'])('do not know the id %j', async (id) => {
    const events = new SessionEvents(DEFAULT_EVENT_LIMITS, () => 0);
    await events.storeEvent('one', note(1));
    expect(events.canResume(id)).toBe(false);
    expect(await failureOf(replayed(events, id))).toMatchObject({ code: 'not_found' });
  });

  test('that come during a replay are part of it, and not handed out before it is over', async () => {
    const events = new SessionEvents(DEFAULT_EVENT_LIMITS, () => 0);
    const first = await events.storeEvent('one', note(1));
    await events.storeEvent('one', note(2));
    const gate = createGate();
    const sent: unknown[] = [];
    let isOver = false;
    const replay = events
      .replayEventsAfter(first, {
        send: async (_id, message) => {
          sent.push(message);
          await gate.opened;
        },
      })
      .then(() => (isOver = true));
    const stored = events.storeEvent('one', note(3)).then(() => isOver);
    gate.open();
    await replay;
    expect(await stored).toBe(true);
    expect(sent).toEqual([note(2), note(3)]);
  });
});
