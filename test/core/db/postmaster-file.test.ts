import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcess } from '../../../src/core/process/index.ts';
import { clearStaleLock, findPostmaster } from '../../../src/core/db/postmaster-file.ts';

describe('the lock file of a postmaster', () => {
  let folder = '';
  let file = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ld-lock-'));
    file = join(folder, 'postmaster.pid');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const isCleared = (): boolean => {
    clearStaleLock(folder);
    return !existsSync(file);
  };

  it('is cleared when its process has ended or is another program', async () => {
    const { stdout } = await runProcess(process.execPath, ['-p', 'process.pid']);
    for (const pid of [stdout.trim(), String(process.pid), `-${process.pid}`]) {
      writeFileSync(file, `${pid}\n${folder}\n0\n1\n\n127.0.0.1\n\nready\n`);
      expect(findPostmaster(folder)).toBeUndefined();
      expect(isCleared()).toBe(true);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is left while it is still being written, and cleared when a power failure left it empty', () => {
    writeFileSync(file, '');
    expect(isCleared()).toBe(false);
    const before = Date.now() / 1000 - 60;
    utimesSync(file, before, before);
    expect(isCleared()).toBe(true);
  });

  it('may be missing', () => {
    expect(isCleared()).toBe(true);
    expect(findPostmaster(folder)).toBeUndefined();
  });
});
