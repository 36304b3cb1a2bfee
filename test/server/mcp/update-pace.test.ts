import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { UpdatePace } from '../../../src/server/mcp/update-pace.ts';

test('a first change is passed on at once, those that follow together, and none after the end', async () => {
  const events = new EventEmitter();
  let count = 0;
  const pace = new UpdatePace(() => {
    count += 1;
    events.emit('passed');
  }, 5);
  const second = once(events, 'passed').then(() => once(events, 'passed'));
  for (let at = 0; at < 10; at += 1) pace.change();
  expect(count).toBe(1);
  await second;
  expect(count).toBe(2);
  pace.change();
  pace.end();
  pace.change();
  expect(count).toBe(2);
});
