import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { REPOSITORY, runLightdom } from '../support/master-process.ts';

const SCRIPT = join(REPOSITORY, 'scripts/deploy-master-system.js');
/** Two deployments and a rollback start three masters. */
const DEPLOYMENTS_MS = 180_000;
const PASSWORD = 'not-for-any-log';

const entrySchema = z.strictObject({
  deploymentId: z.string(),
  environment: z.string(),
  timestamp: z.iso.datetime(),
  step: z.string(),
  status: z.enum(['done', 'failed', 'skipped', 'rolled_back']),
  durationMs: z.int().min(0),
  detail: z.string(),
});
const ownerSchema = z.object({ pid: z.number(), url: z.string() });

interface Deployed {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function runScript(args: readonly string[], env: Record<string, string> = {}): Promise<Deployed> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    // What would be the production database here must reach no other environment.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: `postgresql://a:${PASSWORD}@[`, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended: unknown[] = await once(child, 'close');
  return { code: ended[0], stdout, stderr };
}

const linesOf = (text: string): string[] => text.trim().split('\n');
const entriesOf = (text: string): z.infer<typeof entrySchema>[] =>
  linesOf(text).map((line) => entrySchema.parse(JSON.parse(line)));

describe('a deployment', () => {
  let home = '';
  let logFile = '';

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'ld-deploy-'));
    logFile = join(home, 'log.json');
  });

  afterAll(async () => {
    await runLightdom(['stop', '--data-dir', join(home, 'data')]);
    rmSync(home, { recursive: true, force: true });
  });

  // The build is that of the tests: another one beside them would change what they run.
  const deploy = (args: readonly string[]): Promise<Deployed> =>
    runScript(['testing', '--skip-build', '--home', home, '--workspace', SHOP, '--log', logFile, '--json', ...args]);
  const owner = (): z.infer<typeof ownerSchema> =>
    ownerSchema.parse(JSON.parse(readFileSync(join(home, 'data/master.json'), 'utf8')));

  it(
    'starts a master that stays and is ready, and goes back to it when the next one is not',
    async () => {
      const first = await deploy([]);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      const steps = entriesOf(first.stdout).map(({ step, status }) => `${step} ${status}`);
      expect(steps).toEqual([
        'check done',
        'build skipped',
        'test skipped',
        'doctor done',
        'release done',
        'stop done',
        'start done',
        'deployment done',
      ]);
      const { pid, url } = owner();
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(readFileSync(join(home, 'master.log'), 'utf8')).toContain('in mode testing');

      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = z.custom<AddressInfo>().parse(other.address());
      const second = await deploy(['--port', String(port)]);
      other.close();
      expect(second).toMatchObject({ code: 3, stderr: '' });
      expect(
        entriesOf(second.stdout)
          .slice(5)
          .map(({ step, status }) => `${step} ${status}`),
      ).toEqual(['stop done', 'start failed', 'end failed done', 'roll back done', 'deployment rolled_back']);
      const again = owner();
      expect(again.pid).not.toBe(pid);
      expect((await fetch(`${again.url}/readyz`)).status).toBe(200);
      expect(readdirSync(join(home, 'releases'))).toHaveLength(1);
      const written = readFileSync(logFile, 'utf8');
      expect(written).toBe(first.stdout + second.stdout);
      expect(written).not.toContain(PASSWORD);
    },
    DEPLOYMENTS_MS,
  );
});

describe('what is no deployment', () => {
  it('says what it would do and leaves nothing behind, with --dry-run', async () => {
    const home = join(tmpdir(), `ld-never-${process.pid}`);
    const { code, stdout } = await runScript(['production', '--dry-run', '--home', home]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(7);
    expect(stdout).toContain('mode=production --set autoIndex=true');
    expect(() => readdirSync(home)).toThrow('ENOENT');
  });

  it.each([
    ['an environment that there is none of', ['moon'], 'Invalid option'],
    ['an option that there is none of', ['--now'], "Unknown option '--now'"],
    ['a port out of range', ['--port', '70000'], '<=65535'],
    ['two environments', ['staging', 'testing'], 'One environment at a time'],
  ])('refuses %s with the usage', async (_title, args, text) => {
    const { code, stderr } = await runScript(args);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(stderr).toContain('--ready-timeout S');
  });
});
