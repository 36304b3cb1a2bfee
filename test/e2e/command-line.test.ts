import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SHOP } from '../support/app-client.ts';
import { runLightdom, temporaryDataDir } from '../support/master-process.ts';

const findings = z.array(z.object({ check: z.string(), state: z.enum(['ok', 'missing', 'off']), detail: z.string() }));

describe('the command line', () => {
  const data = temporaryDataDir();
  const where = ['--data-dir', data.path, '--workspace', SHOP];

  afterAll(() => data.remove());

  it('explains itself', async () => {
    const { code, stdout } = await runLightdom(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'stop', 'status', 'mcp', 'index', 'call', 'runs', 'config', 'doctor']) {
      expect(stdout).toContain(`  ${name}`);
    }
    expect((await runLightdom(['start', '--help'])).stdout).toContain('--full');
  });

  it('ends with 2 when it is used wrongly, and names the nearest key', async () => {
    expect(await runLightdom(['frobnicate'])).toMatchObject({ code: 2, stdout: '' });
    const unknown = await runLightdom(['config', 'show', '--set', 'htp.port=1', ...where]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('`http.port`');
    const broken = await runLightdom(['call', 'graph_search', '{bad', ...where]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('{bad');
  });

  it('shows where each setting comes from and no secret', async () => {
    const { stdout } = await runLightdom(['config', 'show', '--origin', ...where], {
      DEEPSEEK_API_KEY: 'sk-very-secret',
      DATABASE_URL: 'postgresql://me:hunter2@db.example/lightdom',
      AUTO_INDEX: 'true',
    });
    expect(stdout).toContain('autoIndex = true  # env AUTO_INDEX');
    expect(stdout).toContain('me:••••@db.example');
    expect(stdout).not.toContain('sk-very-secret');
    expect(stdout).not.toContain('hunter2');
  });

  it('examines the machine as one JSON document', async () => {
    const { code, stdout } = await runLightdom(['doctor', '--json', '--port', '0', ...where]);
    expect(code).toBe(0);
    const checks = findings.parse(JSON.parse(stdout)).map(({ check, state }) => `${check} ${state}`);
    expect(checks).toContain('node ok');
    expect(checks).toContain('database ok');
    expect(checks).toContain('github.token off');
    expect(checks).toContain('model off');
    expect(checks.find((check) => check.startsWith('isolation'))).toMatch(/ (?:ok|off)$/);
  });

  it('indexes a folder with a master of its own when none runs, and keeps what it found', async () => {
    const index = await runLightdom(['index', SHOP, '--json', '--data-dir', data.path]);
    expect(index).toMatchObject({ code: 0 });
    expect(JSON.parse(index.stdout)).toMatchObject({ kind: 'graph_index', status: 'completed', result: { files: 3 } });
    const call = await runLightdom(['call', 'graph_symbol', '{"symbol":"Cart"}', ...where]);
    expect(call.stdout).toContain('class Cart src/cart.ts:10');
    const runs = await runLightdom(['runs', ...where]);
    expect(runs.stdout.trim().split('\n')).toHaveLength(1);
    const missing = await runLightdom(['runs', 'show', 'nothing', ...where]);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('run_list');
  });
});
