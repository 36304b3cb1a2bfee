import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepOrWrite } from '../../../src/graph/export/export-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightdom-exports-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string) => keepOrWrite(['text'], { folder, name, maxInlineBytes: 0 });

function age(name: string, days: number): void {
  const then = Date.now() / 1000 - days * 24 * 60 * 60;
  utimesSync(join(folder, name), then, then);
}

function names(): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}

test('the newest fifty exports stay, and what somebody else put there', async () => {
  writeFileSync(join(folder, 'shop-0123456789ab.json'), 'mine');
  age('shop-0123456789ab.json', 400);
  for (let at = 0; at < 52; at += 1) {
    await write(`shop-${at}.json`);
    age(`shop-${at}.json`, 1 - at / 1000);
  }
  await write('shop-last.json');
  expect(names()).toHaveLength(51);
  expect(names()).toContain('shop-0123456789ab.json');
  expect(names()).not.toContain('shop-0.json');
  expect(names()).toContain('shop-51.json');
});

test('exports of a month ago go with the next one', async () => {
  await write('old.json');
  age('old.json', 31);
  await write('young.json');
  age('young.json', 29);
  await write('new.json');
  expect(names().toSorted((a, b) => a.localeCompare(b))).toEqual(['new.json', 'young.json']);
});

test('a name that leads out of the folder is not followed', async () => {
  await write('one.json');
  const outside = `${folder}-outside.txt`;
  writeFileSync(outside, 'mine');
  utimesSync(outside, 1, 1);
  writeFileSync(join(folder, '.written'), `one.json\n../${outside.slice(outside.lastIndexOf('/') + 1)}\n`);
  await write('two.json');
  expect(readdirSync(tmpdir())).toContain(outside.slice(outside.lastIndexOf('/') + 1));
  rmSync(outside);
});
