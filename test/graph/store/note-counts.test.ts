import { expect, test } from 'vitest';
import { createSilentLog } from '../../../src/core/log.ts';
import { NoteCounts } from '../../../src/graph/notes/note-counts.ts';
import { NoteStore } from '../../../src/graph/notes/note-store.ts';
import { createProductDatabase } from '../../support/test-database.ts';

const SYMBOL = { nodeId: '0123456789abcdef', kind: 'function', name: 'f', path: 'a.ts' };
const NOTE = { root: '/w', text: 'x', tags: [], author: 'agent', ...SYMBOL };

test('notes are counted from memory: those of other processes within seconds, none when the database is away', async () => {
  const testDatabase = await createProductDatabase();
  const store = new NoteStore(testDatabase.database);
  const clock = { ms: 0 };
  const counts = new NoteCounts({ store, log: createSilentLog(), now: () => clock.ms });
  expect(await counts.of('/w', SYMBOL.nodeId)).toBe(0);
  await store.create({ ...NOTE, noteId: 'n1' });
  expect(await counts.of('/w', SYMBOL.nodeId)).toBe(0);
  counts.forget();
  expect(await counts.of('/w', SYMBOL.nodeId)).toBe(1);
  await store.create({ ...NOTE, noteId: 'n2', text: 'y' });
  await store.create({ ...NOTE, noteId: 'n3', root: '/other' });
  clock.ms += 5_000;
  expect(await counts.of('/w', SYMBOL.nodeId)).toBe(2);
  expect(await counts.of('/other', SYMBOL.nodeId)).toBe(1);
  await testDatabase.drop();
  clock.ms += 5_000;
  expect(await counts.of('/w', SYMBOL.nodeId)).toBe(0);
});
