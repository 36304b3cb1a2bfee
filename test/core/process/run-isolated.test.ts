import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createRunIsolated, isProcessAlive, runIsolated } from '../../../src/core/process/index.ts';
import type { IsolatedRequest, IsolatedResult, RunIsolated } from '../../../src/core/process/index.ts';
import { failureOf } from '../../support/failure-of.ts';

const run = createRunIsolated();
const TRUE = { file: 'true', args: [], cwd: '/', writable: [], timeoutMs: 5000, maxOutputBytes: 100, maxMemoryMb: 100 };
const { confinement } = await run(TRUE);

function folderOf(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `lightdom-${name}-`)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A script of node in a folder that it may write. */
function runScript(script: string, more: Partial<IsolatedRequest> = {}): Promise<IsolatedResult> {
  const cwd = more.cwd ?? folderOf('inside');
  return run({
    file: process.execPath,
    args: ['-e', script],
    cwd,
    writable: [cwd],
    timeoutMs: 20_000,
    maxOutputBytes: 10_000,
    maxMemoryMb: 1024,
    ...more,
  });
}

const FOR_EVER = 'setInterval(() => {}, 1000);';
const ENDS = [
  ['ends itself', 'process.exit(0)'],
  ['is ended', FOR_EVER],
] as const;

async function leavesNothing(runner: RunIsolated, last: string): Promise<void> {
  const cwd = folderOf('inside');
  // Two steps away, in a session of its own, with closed outputs; what it is called outside it can't know.
  const deep = `require('node:fs').writeFileSync('deep', ''); ${FOR_EVER}`;
  const spawnIt = (script: string): string =>
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}, '${cwd}'], { detached: true, stdio: 'ignore' }).unref();`;
  const script = `${spawnIt(spawnIt(deep))}
    const look = setInterval(() => { if (require('node:fs').existsSync('deep')) { clearInterval(look); ${last} } }, 20);`;
  const limits = { timeoutMs: 4000, maxOutputBytes: 1000, maxMemoryMb: 1024 };
  const work = runner({ file: process.execPath, args: ['-e', script], cwd, writable: [cwd], ...limits });
  await expect.poll(() => existsSync(join(cwd, 'deep')), { timeout: 10_000 }).toBe(true);
  expect((await work).endedBy).toBe(last === FOR_EVER ? 'timeout' : 'exit');
  expect(processesWith(cwd)).toEqual([]);
}

describe('what a program is told', () => {
  test('its output, exit code and time, without a shell in between', async () => {
    const result = await runScript('console.log(process.argv[1]); console.error("w"); process.exit(3)', {
      args: ['-e', 'console.log(process.argv[1]); console.error("w"); process.exit(3)', '$HOME; `id`'],
    });
    expect(result).toMatchObject({ exitCode: 3, endedBy: 'exit', stdout: '$HOME; `id`\n', stderr: 'w\n' });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  test('nothing of our environment but what is harmless; a home and a temporary folder of its own', async () => {
    process.env['LIGHTDOM_TEST_TOKEN'] = 'planted-canary';
    onTestFinished(() => {
      delete process.env['LIGHTDOM_TEST_TOKEN'];
    });
    const script = `const fs = require('node:fs'); const { HOME, TMPDIR } = process.env;
      fs.writeFileSync(HOME + '/a', ''); fs.writeFileSync(TMPDIR + '/b', '');
      const outside = fs.readdirSync('/proc').filter((id) => /^[0-9]+$/.test(id)).map((id) => {
        try { return fs.readFileSync('/proc/' + id + '/environ', 'latin1'); } catch { return ''; } }).join();
      console.log(JSON.stringify({ env: process.env, home: fs.readdirSync(HOME), outside }));`;
    const { stdout } = await runScript(script, { env: { ADDED: 'yes' }, maxOutputBytes: 1_000_000 });
    const { env, home, outside } = z
      .object({ env: z.record(z.string(), z.string()), home: z.array(z.string()), outside: z.string() })
      .parse(JSON.parse(stdout));
    expect(JSON.stringify(env)).not.toContain('planted-canary');
    expect(env).toMatchObject({
      CI: '1',
      NO_COLOR: '1',
      ADDED: 'yes',
      GIT_CONFIG_GLOBAL: '/dev/null',
      npm_config_offline: 'true',
    });
    expect(home).toEqual(['a']);
    expect(existsSync(env['HOME'] ?? '/')).toBe(false);
    expect(existsSync(env['TMPDIR'] ?? '/')).toBe(false);
    expect(confinement.pids && outside.includes('planted-canary')).toBe(false);
  });

  test('who is missing is named', async () => {
    expect(await failureOf(runScript('', { file: 'no-such-program' }))).toMatchObject({
      code: 'not_configured',
      message: 'no-such-program could not be started: there is no such program.',
    });
    const gone = join(folderOf('gone'), 'nothing');
    expect(String(await failureOf(runScript('', { cwd: gone, writable: [] })))).toContain(gone);
  });
});

describe('what a program can reach', () => {
  test('no server outside, but one of its own', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const script = `const http = require('node:http');
      const ask = (port) => new Promise((resolve) => http.get({ host: '127.0.0.1', port, agent: false }, (answer) => {
        answer.resume(); answer.on('end', () => resolve('reached')); }).on('error', (error) => resolve(error.code)));
      const own = http.createServer((_, response) => response.end()).listen(0, '127.0.0.1', async () => {
        console.log(await ask(${port}), await ask(own.address().port)); process.exit(0); });`;
    const { stdout } = await runScript(script);
    expect(stdout).toBe(confinement.network ? 'ECONNREFUSED reached\n' : 'reached reached\n');
    expect(requests).toBe(confinement.network ? 0 : 1);
  });

  test.runIf(confinement.mounts)(
    'only what it may write is written; what is within and not to be written is not',
    async () => {
      const cwd = folderOf('inside');
      const outside = folderOf('outside');
      mkdirSync(join(cwd, 'shut/open'), { recursive: true });
      writeFileSync(join(outside, 'seen.txt'), 'seen');
      const places = [
        cwd,
        join(cwd, 'shut'),
        join(cwd, 'shut/open'),
        outside,
        '/usr',
        '/etc',
        '/dev',
        '/proc/sys/kernel',
      ];
      const script = `const fs = require('node:fs');
      const written = ${JSON.stringify(places)}.filter((place) => {
        try { fs.writeFileSync(place + '/written.txt', ''); return true; } catch { return false; } });
      console.log(JSON.stringify(written));`;
      const wishes = { cwd, writable: [cwd, join(cwd, 'shut/open')], readOnly: [join(cwd, 'shut')] };
      const { stdout } = await runScript(script, wishes);
      expect(JSON.parse(stdout)).toEqual([cwd, join(cwd, 'shut/open')]);
      expect(readdirSync(outside)).toEqual(['seen.txt']);
      expect(readdirSync(cwd).toSorted()).toEqual(['shut', 'written.txt']);
      expect(readdirSync(join(cwd, 'shut/open'))).toEqual(['written.txt']);
    },
  );

  test.runIf(confinement.mounts)('what is hidden is not read, but for what lies in it and is to be seen', async () => {
    const secret = folderOf('secret');
    mkdirSync(join(secret, 'shown'));
    writeFileSync(join(secret, 'key'), 'canary');
    writeFileSync(join(secret, 'shown/file'), 'shown');
    const script = `const fs = require('node:fs'); const [folder] = process.argv.slice(1);
      console.log(JSON.stringify([fs.existsSync(folder + '/key'), fs.readFileSync(folder + '/shown/file', 'utf8'),
        fs.readdirSync(require('node:os').tmpdir()), fs.existsSync('/run/docker.sock')]));
      fs.writeFileSync(folder + '/shown/more', '');`;
    const { stdout, stderr } = await runScript('', {
      args: ['-e', script, secret],
      hidden: [secret],
      readable: [join(secret, 'shown')],
    });
    expect(JSON.parse(stdout)).toEqual([false, 'shown', [], false]);
    expect(stderr).toContain('EROFS');
    expect(readFileSync(join(secret, 'key'), 'utf8')).toBe('canary');
  });

  test.runIf(confinement.mounts)('it holds no privileges with which it could undo this', async () => {
    const script = `const { execFileSync } = require('node:child_process');
      const attempt = (...args) => { try { execFileSync(args[0], args.slice(1), { stdio: 'pipe' }); return 'done'; } catch { return 'refused'; } };
      console.log(attempt('mount', '-o', 'remount,rw', '/'), attempt('unshare', '-r', '-m', 'mount', '-o', 'remount,bind,rw', '/'),
        attempt('umount', '/dev'), require('node:fs').existsSync('/dev/mem'));`;
    const { stdout } = await runScript(script);
    expect(stdout).toBe('refused refused refused false\n');
  });
});

describe('how a program ends', () => {
  test('by a signal of its own', async () => {
    const result = await runScript(`process.kill(process.pid, 'SIGTERM'); ${FOR_EVER}`);
    expect(result).toMatchObject({ exitCode: undefined, endedBy: 'signal' });
  });

  test('when its time is up, with what it has said so far', async () => {
    const result = await runScript(`console.log('so far'); ${FOR_EVER}`, { timeoutMs: 2000 });
    expect(result).toMatchObject({ exitCode: undefined, endedBy: 'timeout', stdout: 'so far\n' });
    expect(result.durationMs).toBeLessThan(10_000);
  });

  test('when it writes without end; the last of it is kept', async () => {
    const result = await runScript(
      `const line = 'x'.repeat(999) + '\\n'; for (;;) require('node:fs').writeSync(2, line);`,
    );
    expect(result).toMatchObject({ endedBy: 'output', stdout: '' });
    expect(result.stderr).toMatch(/^\[\d+ bytes before this were dropped\]\nx+/);
    expect(Buffer.byteLength(result.stderr)).toBeLessThan(10_100);
  });

  test('of long output the end is kept, and characters stay whole', async () => {
    const { stdout, endedBy } = await runScript(`process.stdout.write('€'.repeat(5000) + '!')`);
    expect(endedBy).toBe('exit');
    expect(stdout).toMatch(/^\[\d+ bytes before this were dropped\]\n€+!$/);
  });

  test('when it and what it starts take too much memory', async () => {
    const child = `const all = []; setInterval(() => all.push(Buffer.alloc(20e6, 1)), 20);`;
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); ${FOR_EVER}`;
    const result = await runScript(script, { maxMemoryMb: 300 });
    expect(result.endedBy).toBe(result.confinement.memory ? 'memory' : 'timeout');
  });

  test('when nobody wants it any more, and it does not begin when nobody ever did', async () => {
    const cancel = new AbortController();
    const cwd = folderOf('inside');
    const script = `require('node:fs').writeFileSync('begun', ''); ${FOR_EVER}`;
    const work = failureOf(runScript(script, { cwd, signal: cancel.signal }));
    await expect.poll(() => existsSync(join(cwd, 'begun')), { timeout: 10_000 }).toBe(true);
    cancel.abort(new Error('not needed'));
    expect(await work).toMatchObject({ code: 'cancelled' });
    expect(await failureOf(runScript('', { signal: cancel.signal }))).toMatchObject({ code: 'cancelled' });
  });

  test.each(ENDS)(
    'with all that it started, also what left its group and its parent, when it %s',
    async (_how, last) => {
      await leavesNothing(run, last);
    },
  );
});

describe('where there are no namespaces', () => {
  test('that is said, and programs are ended all the same with what they started', async () => {
    const former = process.env['PATH'];
    // Nothing that shuts in is found there.
    process.env['PATH'] = folderOf('path');
    onTestFinished(() => {
      process.env['PATH'] = former;
    });
    const bare = createRunIsolated();
    for (const [, last] of ENDS) await leavesNothing(bare, last);
    const cwd = folderOf('inside');
    const result = await bare({ ...TRUE, file: process.execPath, args: ['-e', 'process.exit(130)'], cwd });
    expect(result).toMatchObject({
      exitCode: 130,
      endedBy: 'exit',
      confinement: { network: false, mounts: false, pids: false },
    });
    const killed = await bare({ ...TRUE, file: process.execPath, args: ['-e', 'process.kill(process.pid, 9)'], cwd });
    expect(killed).toMatchObject({ exitCode: undefined, endedBy: 'signal' });
  });
});

test('one run finds out for itself what the machine can do, and says the same', async () => {
  expect((await runIsolated(TRUE)).confinement).toEqual(confinement);
});

/** Live processes whose arguments name this. */
function processesWith(text: string): number[] {
  if (!existsSync('/proc/self')) return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((pid) => {
    try {
      return isProcessAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}
