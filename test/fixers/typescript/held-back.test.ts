import { afterEach, describe, expect, it } from 'vitest';
import { createMendedWorkspace } from './mended-workspace.ts';
import type { MendedWorkspace, MendRequest } from './mended-workspace.ts';

describe('what is only suggested', () => {
  const open: MendedWorkspace[] = [];
  const offersFor = async (request: MendRequest, code: number) => {
    const place = createMendedWorkspace(request);
    open.push(place);
    return place.offers(code);
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  it.each([
    ['a member that nobody declared', 'class A {}\nexport const size = new A().size;\n', 2339],
    ['properties that are missing', 'interface A {\n  size: number;\n}\nexport const a: A = {};\n', 2741],
    [
      'an interface that is not implemented',
      'interface A {\n  run(): void;\n}\nexport class B implements A {}\n',
      2420,
    ],
    [
      'a class whose abstract members are missing',
      'abstract class A {\n  abstract run(): void;\n}\nexport class B extends A {}\n',
      2515,
    ],
    ['a function that nobody declared', 'export const a = makeSomething(1);\n', 2304],
    ['one argument too many', 'function one(a: number): number {\n  return a;\n}\nexport const b = one(1, 2);\n', 2554],
    [
      'an await that is missing',
      'export async function run(work: Promise<{ size: number }>): Promise<number> {\n  return work.size;\n}\n',
      2339,
    ],
  ])('never invents %s', async (_what, text, code) => {
    const offers = await offersFor({ files: { 'a.ts': text } }, code);
    expect(offers.map(({ grade }) => grade).filter((grade) => grade !== 'suggestion')).toEqual([]);
  });

  it('says why, and what the compiler found', async () => {
    const text = 'interface A {\n  size: number;\n}\nexport const a: A = {};\n';
    const [offer] = await offersFor({ files: { 'a.ts': text } }, 2741);
    expect(offer).toMatchObject({ fixer: 'typescript:fixMissingProperties', grade: 'suggestion' });
    expect(offer?.evidence).toEqual([
      '`fixMissingProperties` may invent what was never meant',
      'the error is gone and there is no new one: 1 files in 1 projects checked',
    ]);
  });

  it('does not go by itself where a file that imports it gains an error', async () => {
    const files = {
      'a.ts': 'export function run(work: Promise<void>) {\n  await work;\n  return 1;\n}\n',
      'b.ts': "import { run } from './a';\nexport const one: number = run(Promise.resolve());\n",
    };
    const offers = await offersFor({ files }, 1308);
    expect(offers[0]).toMatchObject({ fixer: 'typescript:fixAwaitInSyncFunction', grade: 'suggestion' });
    expect(offers[0]?.evidence.at(-1)).toMatch(/^there is a new error, .*b\.ts: TS2322/);
  });

  it('sees a new error two imports away, and in another project', async () => {
    const base = {
      'a.ts': 'export function run(work: Promise<void>) {\n  await work;\n  return 1;\n}\n',
      'middle.ts': "export * from './a';\n",
    };
    const user = "import { run } from '../middle';\nexport const one: number = run(Promise.resolve());\n";
    const [near] = await offersFor({ files: { ...base, 'deep/b.ts': user } }, 1308);
    expect(near?.grade).toBe('suggestion');
    const other = JSON.stringify({ extends: '../tsconfig.json', include: ['.'] });
    const own = JSON.stringify({ extends: './tsconfig.json', files: ['a.ts', 'middle.ts'] });
    const files = { ...base, 'deep/b.ts': user, 'deep/tsconfig.json': other, 'own/tsconfig.json': own };
    const [far] = await offersFor({ files, options: {} }, 1308);
    expect(far?.grade).toBe('suggestion');
  });

  it('goes no further than its time', async () => {
    const text = 'export function total(prices: number[]): number {\n  return prces.length;\n}\n';
    const offers = await offersFor({ files: { 'a.ts': text }, budgetMs: 0 }, 2552);
    expect(offers[0]).toMatchObject({ fixer: 'typescript:spelling', grade: 'suggestion' });
    expect(offers[0]?.evidence.at(-1)).toContain('there was no time to check it');
  });
});

describe('the orphan guard', () => {
  const open: MendedWorkspace[] = [];
  const offersFor = async (request: MendRequest, code: number) => {
    const place = createMendedWorkspace(request);
    open.push(place);
    const offers = await place.offers(code);
    return offers.filter(({ fixer }) => fixer === 'typescript:unusedIdentifier');
  };

  afterEach(() => {
    for (const each of open.splice(0)) each.remove();
  });

  const files = {
    'a.ts': "import { one } from './b';\nexport const two = 2;\n",
    'b.ts': 'export const one = 1;\n',
  };

  it('lets go what no version ever used', async () => {
    const [added] = await offersFor({ files, before: { 'a.ts': 'export const two = 2;\n' } }, 6133);
    expect(added).toMatchObject({ grade: 'auto', edits: [{ path: 'a.ts', text: 'export const two = 2;\n' }] });
    const [born] = await offersFor({ files, before: {} }, 6133);
    expect(born?.grade).toBe('auto');
  });

  it('keeps what was used until lately: its use may be what is missing', async () => {
    const before = { 'a.ts': "import { one } from './b';\nexport const two = one + 1;\n" };
    const [orphan] = await offersFor({ files, before }, 6133);
    expect(orphan).toMatchObject({ grade: 'suggestion' });
    expect(orphan?.evidence[0]).toContain('`one` was used until lately');
  });

  it('keeps everything where there is no history', async () => {
    const [unknown] = await offersFor({ files }, 6133);
    expect(unknown).toMatchObject({ grade: 'suggestion' });
    expect(unknown?.evidence[0]).toContain('there is no history');
  });

  it('keeps what does something when it is evaluated, and what is part of a signature', async () => {
    const text = 'declare function start(): number;\nexport function run(): void {\n  const started = start();\n}\n';
    const [effect] = await offersFor({ files: { 'a.ts': text }, before: {} }, 6133);
    expect(effect?.grade).toBe('suggestion');
    const parameter = 'export function run(extra: number): void {}\n';
    const offers = await offersFor(
      { files: { 'a.ts': parameter }, before: {}, options: { noUnusedParameters: true } },
      6133,
    );
    expect(offers.map(({ grade }) => grade)).not.toContain('auto');
  });
});
