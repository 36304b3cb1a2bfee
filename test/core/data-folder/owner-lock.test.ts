import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireOwnerLock, findOwner, openDataFolder } from '../../../src/core/data-folder/index.ts';

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
