import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

describe('a promise that nobody waits for', () => {
  const open: MendedWorkspace[] = [];
  const offersFor = async (request: MendRequest, line: number, rule = 'oxlint/typescript(no-floating-promises)') => {
    const place = createMendedWorkspace(request);
    open.push(place);
    expect(place.errors()).toEqual([]);
    const [source = ''] = rule.split('/');
    return place.offersFor({ source, rule, path: 'a.ts', line, message: 'Promises must be awaited.' });
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  const text = [
    'declare function save(name: string): Promise<void>;',
    'export async function run(): Promise<void> {',
    "  await save('one');",
    "  await save('two');",
    '}',
    '',
  ].join('\n');
  const without = text.replace("await save('two')", "save('two')");

  it('is waited for again, where the version before did', async () => {
    for (const rule of ['oxlint/typescript(no-floating-promises)', 'eslint/@typescript-eslint/no-floating-promises']) {
      const offers = await offersFor({ files: { 'a.ts': without }, before: { 'a.ts': text } }, 4, rule);
      expect(offers).toMatchObject([{ fixer: 'lightdom:restore', grade: 'auto', edits: [{ path: 'a.ts', text }] }]);
    }
  });

  it('is left alone where no version waited, at another line, and without a history', async () => {
    expect(await offersFor({ files: { 'a.ts': without }, before: {} }, 4)).toEqual([]);
    expect(await offersFor({ files: { 'a.ts': without }, before: { 'a.ts': text } }, 3)).toEqual([]);
    expect(await offersFor({ files: { 'a.ts': without } }, 4)).toEqual([]);
  });

  it('is only pointed at where others are no longer waited for either', async () => {
    const none = text.replaceAll('await ', '');
    const offers = await offersFor({ files: { 'a.ts': none }, before: { 'a.ts': text } }, 4);
    expect(offers.map(({ grade }) => grade)).toEqual(['suggestion']);
  });
});
