import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findCluster } from '../../../src/core/db/cluster-place.ts';
import { connectDatabase, findRunningCluster, resolvePostgres } from '../../../src/core/db/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';

const OWNER = fileURLToPath(new URL('../../fixtures/db/orphan-maker.mjs', import.meta.url));
const log = createSilentLog();

describe('findRunningCluster', () => {
  let home = '';
  let owner: ChildProcess | undefined;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'ld-pg-'));
  });

  afterEach(() => {
    owner?.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  /** Takes over what the killed owner left, and stops it. */
  const stop = async (dataDir: string): Promise<void> => {
    owner?.kill('SIGKILL');
    await (await resolvePostgres({ dataDir, log, durability: 'full' })).stop();
  };

  const startElsewhere = async (dataDir: string): Promise<unknown> => {
    owner = fork(OWNER, [dataDir]);
    const messages: unknown[] = await once(owner, 'message');
    return messages[0];
  };

  const folderOf = async (url: string): Promise<string> => {
    const database = await connectDatabase({ url, log, max: 1 });
    const row = z.object({ path: z.string() });
    const [found] = await database.query(row, `select current_setting('data_directory') as path`);
    await database.close();
    return dirname(found?.path ?? '');
  };

  it('finds the server that another process runs, and no longer once that is stopped', async () => {
    const dataDir = join(home, 'postgres');
    const url = await startElsewhere(dataDir);
    expect(await findRunningCluster(dataDir)).toBe(url);
    expect(await folderOf(String(url))).toBe(dataDir);
    const password = join(dataDir, 'password');
    const before = new URL(String(url)).password;
    writeFileSync(password, 'another');
    await expect(findRunningCluster(dataDir)).rejects.toMatchObject({ code: 'conflict' });
    writeFileSync(password, before);
    await stop(dataDir);
    expect(await findRunningCluster(dataDir)).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)('finds that of root where it lies elsewhere', async () => {
    const dataDir = join(home, 'closed', 'postgres');
    mkdirSync(join(home, 'closed'), { mode: 0o700 });
    const url = await startElsewhere(dataDir);
    expect(await findRunningCluster(dataDir)).toBe(url);
    const place = await folderOf(String(url));
    expect(place).not.toBe(dataDir);
    expect(findCluster(dataDir)).toBe(place);
    await stop(dataDir);
    rmSync(place, { recursive: true });
  });

  it('makes nothing where there is no cluster', async () => {
    expect(await findRunningCluster(join(home, 'postgres'))).toBeUndefined();
    expect(existsSync(join(home, 'postgres'))).toBe(false);
    mkdirSync(join(home, 'postgres'));
    expect(await findRunningCluster(join(home, 'postgres'))).toBeUndefined();
    expect(readdirSync(join(home, 'postgres'))).toEqual([]);
  });
});
