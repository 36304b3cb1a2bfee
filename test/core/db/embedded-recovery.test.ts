import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectDatabase } from '../../../src/core/db/index.ts';
import type { Database } from '../../../src/core/db/index.ts';
import { leftoversOf } from '../../../src/core/db/leftover-sessions.ts';
import { binary, findEmbeddedBinaries, findSystemBinaries } from '../../../src/core/db/postgres-binaries.ts';
import { postgresIdentity } from '../../../src/core/db/postgres-identity.ts';
import { findPostmaster } from '../../../src/core/db/postmaster-file.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import type { Log } from '../../../src/core/log.ts';
import { isProcessAlive } from '../../../src/core/process/index.ts';
import { clusterFixture, until } from './cluster-fixture.ts';
import type { ClusterFixture } from './cluster-fixture.ts';

const ORPHAN_MAKER = fileURLToPath(new URL('../../fixtures/db/orphan-maker.mjs', import.meta.url));
const log = createSilentLog();

describe('the embedded Postgres after something went wrong', () => {
  let cluster: ClusterFixture;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    cluster = clusterFixture();
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await cluster.clear();
  });

  const settingOf = async (database: Database, name: string): Promise<string | undefined> => {
    const rows = await database.query(z.object({ value: z.string() }), 'select current_setting($1) as value', [name]);
    return rows[0]?.value;
  };

  const isListening = async (port: number): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  };

  const loudLog = (): { log: Log; said: () => string } => {
    let text = '';
    return { log: pino({ level: 'trace' }, { write: (line: string) => void (text += line) }), said: () => text };
  };

  it('runs in a process group of its own, with its settings, and frees its port when it stops', async () => {
    const server = await cluster.start();
    const stat = readFileSync(`/proc/${server.pid}/stat`, 'latin1');
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect(Number(group)).toBe(server.pid);
    const database = await connectDatabase({ url: server.url, log, max: 1 });
    expect(await settingOf(database, 'max_connections')).toBe('200');
    expect(await settingOf(database, 'synchronous_commit')).toBe('on');
    expect(await settingOf(database, 'fsync')).toBe('on');
    expect(await settingOf(database, 'listen_addresses')).toBe('127.0.0.1');
    await database.close();
    expect(await isListening(server.port)).toBe(true);
    await server.stop();
    expect(await isListening(server.port)).toBe(false);
  });

  it('is not made anew at the second start', async () => {
    await (await cluster.start()).stop();
    const before = statSync(join(cluster.dataPath, 'PG_VERSION')).ino;
    await cluster.start();
    expect(statSync(join(cluster.dataPath, 'PG_VERSION')).ino).toBe(before);
  });

  it('fails an open transaction when it is killed, and takes the next one', async () => {
    const server = await cluster.start();
    const database = await connectDatabase({ url: server.url, log });
    await database.execute('create table kept (id integer)');
    const { pid } = server;
    const broken = database.transaction(async (transaction) => {
      await transaction.execute('insert into kept values (1)');
      process.kill(pid, 'SIGKILL');
      for (;;) await transaction.execute('select pg_sleep(0.01)');
    });
    await expect(broken).rejects.toMatchObject({ code: 'not_ready' });
    const insert = (): Promise<number> => database.execute('insert into kept values (2)');
    await until(() =>
      insert().then(
        () => true,
        () => false,
      ),
    );
    expect(await database.execute('select * from kept')).toBe(1);
    expect(server.pid).not.toBe(pid);
    await database.close();
  });

  it('starts although the lock file names a process that is another program by now', async () => {
    const { pid: dead, stop } = await cluster
      .start()
      .then((server) => ({ pid: server.pid, stop: () => server.stop() }));
    await stop();
    // Of the account that Postgres runs as: only such a process makes Postgres itself refuse to start.
    const other = spawn('sleep', ['600'], { stdio: 'ignore', ...postgresIdentity() });
    children.push(other);
    for (const pid of [dead, other.pid ?? 0]) {
      const lines = [pid, cluster.dataPath, 0, 1, '', '127.0.0.1', '', 'ready'];
      writeFileSync(join(cluster.dataPath, 'postmaster.pid'), `${lines.join('\n')}\n`);
      expect(findPostmaster(cluster.dataPath)).toBeUndefined();
      const server = await cluster.start();
      expect(server.isAdopted).toBe(false);
      await server.stop();
    }
    expect(isProcessAlive(other.pid ?? 0)).toBe(true);
  });

  it('comes up although a session of the killed server computes on', async () => {
    const owner = fork(ORPHAN_MAKER, [cluster.folder]);
    children.push(owner);
    const [url] = z
      .tuple([z.string()])
      .rest(z.unknown())
      .parse(await once(owner, 'message'));
    const orphan = findPostmaster(cluster.dataPath);
    const database = await connectDatabase({ url, log, max: 1 });
    // Busy without ever looking up: it does not notice for a while that its server is gone.
    const busy = database.execute(`do $$ begin for i in 1..400000000 loop end loop; end $$`).catch(() => 0);
    const watcher = await connectDatabase({ url, log, max: 1 });
    await until(async () => (await watcher.execute(`select from pg_stat_activity where query like 'do $$%'`)) === 1);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    process.kill(orphan?.pid ?? 0, 'SIGKILL');
    await until(() => !isProcessAlive(orphan?.pid ?? 0));
    expect(leftoversOf(cluster.dataPath)).not.toEqual([]);
    const server = await cluster.start();
    expect(server.isAdopted).toBe(false);
    // Those of the new server are no leftovers.
    expect(leftoversOf(cluster.dataPath)).toEqual([]);
    await busy;
    await Promise.all([database.close(), watcher.close()]);
  });

  it('is started again rather than adopted when it was less durable than it is to be', async () => {
    const owner = fork(ORPHAN_MAKER, [cluster.folder, 'relaxed']);
    children.push(owner);
    await once(owner, 'message');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const orphan = findPostmaster(cluster.dataPath);
    const server = await cluster.start({ durability: 'full' });
    expect(server.isAdopted).toBe(false);
    expect(isProcessAlive(orphan?.pid ?? 0)).toBe(false);
    const database = await connectDatabase({ url: server.url, log, max: 1 });
    expect(await settingOf(database, 'synchronous_commit')).toBe('on');
    await database.close();
  });

  it('leaves a server alone that somebody else runs on the folder', async () => {
    const started = await cluster.start();
    const { port, url } = started;
    await started.stop();
    const binaries = findEmbeddedBinaries(postgresIdentity());
    if (binaries === undefined) return;
    // Another spelling of the path, as of somebody who looks into the data by hand.
    symlinkSync(cluster.dataPath, join(cluster.folder, 'link'));
    const args = ['-D', join(cluster.folder, 'link'), '-p', String(port), '-c', 'unix_socket_directories='];
    const options = { cwd: cluster.folder, stdio: 'ignore', ...postgresIdentity() } as const;
    const other = spawn(binary(binaries, 'postgres'), args, options);
    children.push(other);
    const exited = once(other, 'exit');
    const lock = join(cluster.dataPath, 'postmaster.pid');
    await until(() => existsSync(lock) && /^ready/m.test(readFileSync(lock, 'utf8')));
    const database = await connectDatabase({ url, log, max: 1 });
    await expect(cluster.start()).rejects.toThrow('Is another postmaster');
    expect(existsSync(lock)).toBe(true);
    expect(await database.execute('select 1')).toBe(1);
    await database.close();
    other.kill('SIGINT');
    await exited;
  });

  it('fails with the end of its log when a file of the data is missing', async () => {
    await (await cluster.start()).stop();
    rmSync(join(cluster.dataPath, 'global', 'pg_control'));
    const failure = await cluster.start().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'upstream_failed' });
    expect(String(failure)).toContain('pg_control');
  });

  it('leaves nothing when it is stopped at the very moment at which it is killed', async () => {
    const server = await cluster.start();
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
    expect(findPostmaster(cluster.dataPath)).toBeUndefined();
    expect(await isListening(server.port)).toBe(false);
  });

  it('waits for its port when another program takes it before it is up again', async () => {
    const { log: loud, said } = loudLog();
    const server = await cluster.start({ log: loud });
    const { port } = server;
    const squatter = createServer();
    for (let pid = 0; !squatter.listening;) {
      if (pid !== server.pid) process.kill((pid = server.pid), 'SIGKILL');
      squatter.listen(port, '127.0.0.1');
      await once(squatter, 'listening').catch(() => {});
    }
    await until(() => said().includes('could not be started'));
    squatter.close();
    await until(() => findPostmaster(cluster.dataPath)?.isReady === true);
    expect(findPostmaster(cluster.dataPath)?.port).toBe(port);
  });

  it('never says its password', async () => {
    const { log: loud, said } = loudLog();
    const server = await cluster.start({ log: loud });
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await until(() => server.pid !== pid);
    await server.stop();
    const password = readFileSync(join(cluster.folder, 'password'), 'utf8');
    expect(said()).toContain('started again');
    expect(said()).not.toContain(password);
    expect(readFileSync(join(cluster.folder, 'postgres.log'), 'utf8')).not.toContain(password);
    expect(readFileSync(join(cluster.folder, 'postgres.log'), 'utf8')).toContain('database system is ready');
  });

  it.runIf(findSystemBinaries() !== undefined)('can be of the Postgres of this machine', async () => {
    const binaries = findSystemBinaries();
    if (binaries === undefined) return;
    const server = await cluster.start({ binaries });
    const database = await connectDatabase({ url: server.url, log, max: 1 });
    expect(await settingOf(database, 'data_directory')).toBe(cluster.dataPath);
    await database.close();
  });
});
