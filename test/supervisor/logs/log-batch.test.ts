import { describe, expect, it } from 'vitest';
import { LogBatch } from '../../../src/supervisor/logs/log-batch.ts';
import type { NewLogLine } from '../../../src/supervisor/supervisor-store.ts';

const lineOf = (at: number, name = 'a'): NewLogLine => ({
  name,
  line: String(at),
  stream: 'stdout',
  at: '2026-11-27T00:00:00.000Z',
});

describe('lines on their way to the database', () => {
  it('go in batches of a hundred at most, in their order', async () => {
    const batches: string[][] = [];
    const batch = new LogBatch(async (lines) => void batches.push(lines.map(({ line }) => line)));
    for (let at = 0; at < 250; at += 1) batch.add(lineOf(at));
    await batch.flush();
    expect(batches.map((lines) => lines.length)).toEqual([100, 100, 50]);
    expect(batches.flat()).toEqual(Array.from({ length: 250 }, (_, at) => String(at)));
  });

  it('wait while it is away; beyond two thousand the oldest go, and are counted by service', async () => {
    let isAway = true;
    const stored: string[] = [];
    const batch = new LogBatch(async (lines) => {
      if (isAway) throw new Error('away');
      stored.push(...lines.map(({ line }) => line));
    });
    for (let at = 0; at < 2_500; at += 1) batch.add(lineOf(at, at < 200 ? 'a' : 'b'));
    await batch.flush();
    expect([batch.droppedOf('a'), batch.droppedOf('b'), batch.droppedOf('c')]).toEqual([200, 300, 0]);
    isAway = false;
    await batch.flush();
    expect(stored).toEqual(Array.from({ length: 2_000 }, (_, at) => String(at + 500)));
  });

  it('are given up at the end when nobody takes them', async () => {
    const batch = new LogBatch(() => new Promise(() => {}));
    batch.start();
    for (let at = 0; at < 3; at += 1) batch.add(lineOf(at));
    await batch.stop(10);
  });
});
