import { describe, expect, it } from 'vitest';
import { LogCursor } from '../../../src/server/cli/log-cursor.ts';
import type { ServiceLine } from '../../../src/supervisor/index.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const line = (ms: number, service: string, text: string): ServiceLine => {
  return { at: at(ms), service, stream: 'stdout', line: text };
};

/** What a log that holds `all` answers to somebody who asks with the cursor. */
function asked(cursor: LogCursor, all: readonly ServiceLine[]): string[] {
  const since = cursor.since === undefined ? -Infinity : Date.parse(cursor.since);
  return cursor.take(all.filter((one) => Date.parse(one.at) > since)).map(({ line: text }) => text);
}

describe('whoever reads logs again and again', () => {
  it('gets each line once, also those that come within the millisecond of the last look', () => {
    const cursor = new LogCursor();
    const all = [line(1, 'a', 'one'), line(2, 'a', 'two')];
    expect(asked(cursor, all)).toEqual(['one', 'two']);
    expect(asked(cursor, all)).toEqual([]);
    all.push(line(2, 'a', 'three'), line(2, 'b', 'four'));
    expect(asked(cursor, all)).toEqual(['three', 'four']);
    all.push(line(3, 'a', 'five'));
    expect(asked(cursor, all)).toEqual(['five']);
    expect(asked(cursor, all)).toEqual([]);
  });

  it('gets equal lines as often as they were written, in whatever order services are in', () => {
    const cursor = new LogCursor();
    expect(asked(cursor, [line(5, 'b', 'tick')])).toEqual(['tick']);
    expect(asked(cursor, [line(5, 'a', 'tick'), line(5, 'b', 'tick'), line(5, 'b', 'tick')])).toEqual(['tick', 'tick']);
  });

  it('begins with everything while there is nothing yet', () => {
    const cursor = new LogCursor();
    expect(asked(cursor, [])).toEqual([]);
    expect(cursor.since).toBeUndefined();
    expect(asked(cursor, [line(0, 'a', 'one')])).toEqual(['one']);
  });
});
