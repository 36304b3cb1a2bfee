import { expect, test } from 'vitest';
import { withJoined } from '../../src/core/joined-signal.ts';

test('is aborted with the reason of whichever signal comes first', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const reason: unknown = await withJoined(
    { signals: [first.signal, second.signal] },
    async (signal): Promise<unknown> => {
      second.abort(new Error('the second'));
      first.abort(new Error('the first'));
      return signal.reason;
    },
  );
  expect(reason).toEqual(new Error('the second'));
});

test('is aborted from the start when one of them is', async () => {
  const gone = AbortSignal.abort(new Error('gone'));
  const reason: unknown = await withJoined({ signals: [gone] }, async (signal): Promise<unknown> => signal.reason);
  expect(reason).toEqual(new Error('gone'));
});

test('lets go of the signals when the work has ended', async () => {
  const long = new AbortController();
  const used = await withJoined({ signals: [long.signal], timeoutMs: 60_000 }, async (signal) => signal);
  long.abort();
  expect(used.aborted).toBe(false);
});
