import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../../../src/core/db/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../../src/core/db/embedded-postgres.ts';
import { connectDatabase } from '../../../src/core/db/index.ts';
import { findEmbeddedBinaries } from '../../../src/core/db/postgres-binaries.ts';
import { postgresIdentity } from '../../../src/core/db/postgres-identity.ts';
import { findPostmaster } from '../../../src/core/db/postmaster-file.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { isProcessAlive } from '../../../src/core/process/index.ts';

const ORPHAN_MAKER = fileURLToPath(new URL('../../fixtures/db/orphan-maker.mjs', import.meta.url));
const log = createSilentLog();

describe('the embedded Postgres', () => {
  let home = '';
  let folder = '';
  let server: EmbeddedPostgres | undefined;

  beforeEach(() => {
    // Like a home folder: nobody else may enter.
    home = mkdtempSync(join(tmpdir(), 'ld-pg-'));
    folder = join(home, 'postgres');
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
    rmSync(home, { recursive: true, force: true });
  });

  const start = async (): Promise<EmbeddedPostgres> => {
    const binaries = findEmbeddedBinaries(postgresIdentity());
    if (binaries === undefined) throw new Error('npm ci --include=optional brings the embedded Postgres');
    server = await startEmbeddedPostgres({ dataDir: folder, binaries, log });
    return server;
  };

  const answers = async (url: string): Promise<string> => {
    const database = await connectDatabase({ url, log, max: 1 });
    const [row] = await database.query(z.object({ port: z.string() }), `select current_setting('port') as port`);
    await database.close();
    return row?.port ?? '';
  };

  it('answers with its password, as nobody who is root, and leaves nothing when it stops', async () => {
    const { url, port, pid } = await start();
    expect(await answers(url)).toBe(String(port));
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(answers(wrong.href)).rejects.toThrow('password authentication failed');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).not.toMatch(/^Uid:\t0\t/m);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    await Promise.all([server?.stop(), server?.stop()]);
    expect(isProcessAlive(pid)).toBe(false);
    await expect(answers(url)).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('keeps its data from one start to the next, and clears what a broken first start left', async () => {
    const reused = join(folder, `draft-${process.pid}-left`);
    for (const draft of [join(folder, 'draft-left', 'data'), reused]) mkdirSync(draft, { recursive: true });
    utimesSync(reused, 0, 0);
    const first = await start();
    const database = await connectDatabase({ url: first.url, log, max: 1 });
    await database.execute('create table kept (id integer)');
    await database.close();
    await first.stop();
    const second = await start();
    const again = await connectDatabase({ url: second.url, log, max: 1 });
    expect(await again.execute('select * from kept')).toBe(0);
    await again.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('draft-'))).toEqual([]);
  });

  it('comes up again on its port when it is killed, and a pool goes on', async () => {
    const { url, port, pid } = await start();
    const database = await connectDatabase({ url, log });
    process.kill(pid, 'SIGKILL');
    for (;;) {
      const answer = await database.execute('select 1').catch(() => undefined);
      if (answer === 1 && server?.pid !== pid) break;
      await delay(50);
    }
    expect(server?.port).toBe(port);
    await database.close();
  });

  it('is adopted by the next start when its owner was killed', async () => {
    const owner = fork(ORPHAN_MAKER, [folder]);
    await once(owner, 'message');
    const orphan = findPostmaster(join(folder, 'data'));
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const adopter = await start();
    expect(adopter.isAdopted).toBe(true);
    expect(adopter.pid).toBe(orphan?.pid);
    expect(await answers(adopter.url)).toBe(String(orphan?.port));
    await adopter.stop();
    expect(isProcessAlive(adopter.pid)).toBe(false);
  });

  it('does not take a lock file for a server when its process is dead or another program', async () => {
    await (await start()).stop();
    const lines = [String(process.pid), join(folder, 'data'), '0', '1', '', '127.0.0.1', '', 'ready'];
    writeFileSync(join(folder, 'data', 'postmaster.pid'), `${lines.join('\n')}\n`);
    expect(findPostmaster(join(folder, 'data'))).toBeUndefined();
    rmSync(join(folder, 'data', 'postmaster.pid'));
    expect((await start()).isAdopted).toBe(false);
  });

  it('refuses the cluster of another major version and names both', async () => {
    await (await start()).stop();
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/is of Postgres 12; the binaries here are 18/);
  });

  it('fails with the end of its log when it can not start', async () => {
    await (await start()).stop();
    writeFileSync(join(folder, 'data', 'postgresql.conf'), 'this is no setting\n');
    await expect(start()).rejects.toThrow(/syntax error.*postgresql\.conf/);
    expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
  });

  it('keeps its port from start to start, and takes another when that one is taken', async () => {
    const first = await start();
    await first.stop();
    expect((await start()).port).toBe(first.port);
    await server?.stop();
    const squatter = createServer();
    squatter.listen(first.port, '127.0.0.1');
    await once(squatter, 'listening');
    const { port, url } = await start();
    squatter.close();
    expect(port).not.toBe(first.port);
    expect(await answers(url)).toBe(String(port));
  });

  it('is one server for two processes that start it for the first time at the same moment', async () => {
    const other = fork(ORPHAN_MAKER, [folder]);
    const said = once(other, 'message');
    const { pid, url, port } = await start();
    await said;
    expect(await answers(url)).toBe(String(port));
    expect(findPostmaster(join(folder, 'data'))?.pid).toBe(pid);
    expect(readdirSync(folder).filter((name) => /^(draft-|password\.)/.test(name))).toEqual([]);
    other.kill('SIGKILL');
    await once(other, 'exit');
  });

  it('waits for a server of the folder that is on its way down', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGTERM');
    const stopped = first.stop();
    const second = await start();
    await stopped;
    expect(second.pid).not.toBe(first.pid);
    expect(await answers(second.url)).toBe(String(second.port));
  });

  it('leaves no server when it is stopped while one comes up again', async () => {
    const { pid, stop } = { pid: (await start()).pid, stop: (): Promise<void> | undefined => server?.stop() };
    process.kill(pid, 'SIGKILL');
    while ((findPostmaster(join(folder, 'data'))?.pid ?? pid) === pid) await delay(1);
    await stop();
    expect(findPostmaster(join(folder, 'data'))).toBeUndefined();
  });

  it('says that its password is gone, or is not the one of the server that runs', async () => {
    const first = await start();
    writeFileSync(join(folder, 'password'), 'another');
    await expect(start()).rejects.toThrow('password authentication failed');
    expect(isProcessAlive(first.pid)).toBe(true);
    await first.stop();
    rmSync(join(folder, 'password'));
    await expect(start()).rejects.toThrow('does not exist');
  });

  it.runIf(process.getuid?.() === 0)('lives elsewhere when root keeps it in a folder closed to others', async () => {
    folder = join(home, 'inner', 'postgres');
    mkdirSync(join(home, 'inner'), { mode: 0o700 });
    const { url } = await start();
    const database = await connectDatabase({ url, log, max: 1 });
    const [row] = await database.query(z.object({ path: z.string() }), `select current_setting('data_directory') path`);
    await database.close();
    await server?.stop();
    const place = dirname(row?.path ?? '');
    expect(place).toMatch(/^\/var\/lib\/lightdom\/[0-9a-f]{16}$/);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect((await start()).url).toContain(new URL(url).password);
    await server?.stop();
    rmSync(place, { recursive: true });
  });
});
