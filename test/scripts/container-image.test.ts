import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/core/config/index.ts';
import type { LoadedConfig } from '../../src/core/config/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

const instructions: readonly Instruction[] = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => ({ word: line.trim().split(' ', 1)[0] ?? '', rest: line.trim().replace(/^\S+ +/, '') }));

const restsOf = (word: string): string[] => instructions.filter((one) => one.word === word).map(({ rest }) => rest);
const copies = restsOf('COPY').filter((rest) => !rest.startsWith('--from'));
const copied = copies.flatMap((rest) => rest.split(' ').slice(0, -1));
const environment: Readonly<Record<string, string>> = Object.fromEntries(
  restsOf('ENV')
    .flatMap((rest) => rest.split(' '))
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value] as const;
    }),
);

/** As the process in the container loads it. */
function loadAs(given: Record<string, string>): LoadedConfig {
  return loadConfig({ env: { ...environment, ...given }, cwd: '/app', isStoreRead: false });
}

describe('the image', () => {
  it('is of the Node that the guide names, in two stages, and runs as nobody special', () => {
    expect(restsOf('FROM')).toEqual(['node:20-slim AS build', 'node:20-slim']);
    expect(restsOf('USER')).toEqual(['node']);
  });

  it('is made of what the repository holds, and of nothing that .dockerignore keeps away', () => {
    const { stdout } = spawnSync('git', ['ls-files', '--', ...copied], { cwd: ROOT, encoding: 'utf8' });
    const tracked = stdout.trim().split('\n');
    const isTracked = (source: string): boolean =>
      tracked.some((path) => path === source || path.startsWith(`${source}/`));
    expect(copied.filter((source) => !isTracked(source))).toEqual([]);
    const letIn = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(letIn.map((line) => line.slice(1)).toSorted()).toEqual(copied.toSorted());
  });

  it('configures by variables that the configuration has, so that it can listen to other machines', () => {
    const { config, origins } = loadAs({ DATABASE_URL: 'postgresql://db/lightdom', DEEPSEEK_API_KEY: 'sk-1' });
    expect(config).toMatchObject({ mode: 'production', autoAgent: true, dataDir: '/data', workspace: '/workspace' });
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 3001, allowedHosts: ['localhost'] });
    const used = [...origins.values()].filter((origin) => origin.startsWith('env ')).map((origin) => origin.slice(4));
    expect(used.toSorted()).toEqual(['DATABASE_URL', 'DEEPSEEK_API_KEY', ...Object.keys(environment)].toSorted());
    expect(restsOf('EXPOSE')).toEqual([String(config.http.port)]);
  });

  it('keeps no secret', () => {
    expect(read('Dockerfile')).not.toMatch(/(?:KEY|TOKEN|PASSWORD|DATABASE_URL) *=/);
  });
});

describe('the commands that make the image', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ld-image-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('build from the copied files alone what the container starts', () => {
    for (const source of copied) cpSync(join(ROOT, source), join(folder, source), { recursive: true });
    // What `npm ci` has put there; it is tried by continuous integration each time.
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    expect(restsOf('RUN').slice(0, 3)).toEqual([
      'npm ci --no-audit --no-fund',
      'npm run build',
      'npm prune --omit=dev --no-audit --no-fund',
    ]);
    const built = spawnSync('npm', ['run', 'build'], { cwd: folder, encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([0, '']);
    const [node, entry = '', ...args] = z.array(z.string()).parse(JSON.parse(restsOf('CMD')[0] ?? ''));
    expect([node, args]).toEqual(['node', ['start']]);
    expect(existsSync(join(folder, entry))).toBe(true);
    const help = spawnSync(process.execPath, [join(folder, entry), ...args, '--help'], { encoding: 'utf8' });
    expect(help.stdout).toContain('run the master');
  });

  it('ask for its health in a way that Node understands', () => {
    const [check = ''] = restsOf('HEALTHCHECK');
    const [node, flag, program = ''] = z.array(z.string()).parse(JSON.parse(check.slice(check.indexOf('['))));
    expect([node, flag]).toEqual(['node', '-e']);
    const asked = spawnSync(process.execPath, ['-e', program], { env: { LIGHTDOM_HTTP_PORT: '1' }, encoding: 'utf8' });
    expect([asked.status, asked.stderr]).toEqual([1, '']);
  });
});

describe('compose.yaml', () => {
  const serviceSchema = z.looseObject({
    environment: z.record(z.string(), z.string()),
    command: z.array(z.string()).optional(),
    build: z.string().optional(),
  });
  const text = read('docs/deployment/compose.yaml').replaceAll(/\$\{\w+(?::[-?]([^}]*))?\}/g, 'x');
  const { services } = z.object({ services: z.record(z.string(), serviceSchema) }).parse(parse(text, { merge: true }));

  it('starts Postgres, a master and a worker that share one image and one database', () => {
    expect(Object.keys(services)).toEqual(['database', 'master', 'worker']);
    expect(existsSync(join(ROOT, 'docs/deployment', services['master']?.build ?? '', 'Dockerfile'))).toBe(true);
    expect(services['worker']?.command).toEqual(['node', 'dist/bin/lightdom.js', 'worker']);
  });

  it.each(['master', 'worker'])('gives the %s variables that the configuration has', (name) => {
    const { config } = loadAs(services[name]?.environment ?? {});
    expect(config.database.url).toBe('postgresql://lightdom:x@database:5432/lightdom');
    expect(config.http.allowedHosts).toContain('localhost');
  });

  it('lets the other services reach the master by its name', () => {
    expect(loadAs(services['master']?.environment ?? {}).config.http.allowedHosts).toEqual(['localhost', 'master']);
  });
});
