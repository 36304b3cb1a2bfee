import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireOwnerLock, findOwner, openDataFolder } from '../../../src/core/data-folder/index.ts';

const RACER = fileURLToPath(new URL('../../fixtures/db/lock-racer.mjs', import.meta.url));
const ABOUT = { version: '1.2.3', workspace: '/some/where' };

describe('the data folder', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lightdom-folder-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has one owner at a time and names it to the second', () => {
    const lock = acquireOwnerLock(folder, ABOUT);
    expect(() => acquireOwnerLock(folder, ABOUT)).toThrow(`pid ${process.pid}`);
    lock.release();
    lock.release();
    expect(findOwner(folder)).toBeUndefined();
    acquireOwnerLock(folder, ABOUT).release();
  });

  it('tells where the owner listens once it does', () => {
    const lock = acquireOwnerLock(folder, ABOUT);
    expect(findOwner(folder)?.url).toBeUndefined();
    lock.publishUrl('http://127.0.0.1:1');
    expect(findOwner(folder)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:1', ...ABOUT });
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that died, and from a process id that now belongs to another', () => {
    const owner = { pid: process.pid, processStart: 'another', startedAt: '', ...ABOUT };
    writeFileSync(join(folder, 'master.json'), JSON.stringify(owner));
    expect(findOwner(folder)).toBeUndefined();
    acquireOwnerLock(folder, ABOUT).release();
    writeFileSync(join(folder, 'master.json'), '{"half":');
    acquireOwnerLock(folder, ABOUT).release();
  });

  it('goes to exactly one of many who find its owner dead at the same moment', async () => {
    const dead = { pid: process.pid, processStart: 'another', startedAt: '', ...ABOUT };
    const racers = Array.from({ length: 6 }, () =>
      fork(RACER, [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    );
    const next = (racer: ChildProcess): Promise<unknown> =>
      once(racer, 'message').then(([message]: unknown[]) => message);
    try {
      await Promise.all(racers.map(next));
      for (let round = 0; round < 30; round += 1) {
        writeFileSync(join(folder, 'master.json'), JSON.stringify(dead));
        const startAtMs = Date.now() + 5;
        const outcomes = racers.map(next);
        for (const racer of racers) racer.send({ startAtMs });
        expect((await Promise.all(outcomes)).filter((outcome) => outcome === 'owner')).toHaveLength(1);
      }
      expect(readdirSync(folder)).toEqual(['master.json']);
    } finally {
      for (const racer of racers) racer.kill('SIGKILL');
    }
  });

  it('keeps one token, readable by its owner alone', () => {
    const first = openDataFolder(folder).readToken();
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(openDataFolder(folder).readToken()).toBe(first);
    expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600);
  });

  it('says which folder could not be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openDataFolder(join(folder, 'file', 'deeper'))).toThrow(join(folder, 'file', 'deeper'));
  });
});
