import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient, SHOP } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const PRICE = `export type Cents = number;\n\n\n\n\n\n\nexport function withTax(net: Cents, rate: number): Cents {
  return roundCents(net * (1 + rate));\n}\n\nexport function roundCents(value: number): Cents {\n  return Math.round(value);\n}\n`;

const answerSchema = z.object({
  notes: z.array(z.object({ text: z.string(), state: z.string(), line: z.number().optional() })),
});

describe('notes', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    repository = createRepository();
    cpSync(SHOP, repository.root, { recursive: true });
    app = await openAppClient({ workspace: repository.root });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  const index = async (): Promise<void> => {
    const { runId } = await app.services.graph.startIndex({});
    expect((await app.services.runs.waitFor(runId)).status).toBe('completed');
  };
  const query = async (args: Record<string, unknown>) => (await app.call('note_query', args)).structured;

  test('stay with their symbols through edits and new indexes, and say when these are gone', async () => {
    await app.call('note_create', { symbol: 'roundCents', text: 'half up' });
    await app.call('note_create', { symbol: 'withTax', text: 'net first' });
    await app.call('note_create', { symbol: 'Cart.total', text: 'sums' });
    await app.call('note_create', { path: 'tsconfig.json', text: 'strict' });

    repository.write({ 'src/price.ts': PRICE });
    await index();
    expect(answerSchema.parse(await query({ symbol: 'roundCents' })).notes).toEqual([
      { text: 'half up', state: 'attached', line: 12 },
    ]);

    repository.write({
      'src/price.ts': `${PRICE.slice(0, PRICE.indexOf('export function roundCents'))}import { roundCents } from './round.ts';\n`,
      'src/round.ts': 'export function roundCents(value: number): number {\n  return Math.round(value);\n}\n',
      'tsconfig.json': undefined,
    });
    await index();
    const moved = await query({ symbol: 'roundCents' });
    expect(moved).toMatchObject({
      total: 1,
      notes: [
        { text: 'half up', state: 'orphaned', path: 'src/price.ts', candidate: { path: 'src/round.ts', line: 1 } },
      ],
      note: 'about what is no longer there under its name and path: 1 of these 1',
    });
    expect(await query({ symbol: 'src/round.ts#roundCents' })).toMatchObject(moved);
    expect(await query({ symbol: 'withTax' })).toMatchObject({ notes: [{ text: 'net first', state: 'attached' }] });
    expect(await query({ path: 'tsconfig.json' })).toMatchObject({ notes: [{ text: 'strict', state: 'orphaned' }] });
  });

  test('are found by the name of a symbol that nothing bears any more, without a candidate', async () => {
    repository.write({ 'src/round.ts': 'export function oneRound() {}\n', 'src/price.ts': 'export {};\n' });
    await index();
    const gone = answerSchema.parse(await query({ symbol: 'roundCents' }));
    expect(gone.notes).toEqual([{ text: 'half up', state: 'orphaned' }]);
    expect((await app.call('note_query', { symbol: 'roundCents' })).text).toContain('ORPHANED');
  });

  test('name no candidate when two symbols could be it', async () => {
    const text = 'export function roundCents() {}\n';
    repository.write({ 'src/round.ts': text, 'src/other.ts': text });
    await index();
    const [note] = z.object({ notes: z.array(z.looseObject({})) }).parse(await query({ words: 'half' })).notes;
    expect(note).toMatchObject({ state: 'orphaned' });
    expect(note).not.toHaveProperty('candidate');
  });

  test('of a living namesake are not those of a vanished symbol, nor the other way round', async () => {
    await app.call('note_create', { symbol: 'src/other.ts#roundCents', text: 'of the other file' });
    const one = answerSchema.parse(await query({ symbol: 'src/round.ts#roundCents' }));
    expect(one.notes.map((note) => note.text)).toEqual(['half up']);
    expect(answerSchema.parse(await query({ symbol: 'src/round.ts' })).notes).toEqual([]);
    const both = answerSchema.parse(await query({ symbol: 'roundCents' }));
    expect(both.notes.map((note) => note.text)).toEqual(['of the other file', 'half up']);
  });
});
