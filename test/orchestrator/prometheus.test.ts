import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { runProcess } from '../../src/core/process/index.ts';
import { freePort, openMasterPlace, servicesOf } from '../support/own-master.ts';

const MONITORING = fileURLToPath(new URL('../../docs/monitoring', import.meta.url));
const PATIENCE = { timeout: 40_000, interval: 250 };

const targetsSchema = z.object({
  data: z.object({ activeTargets: z.array(z.object({ health: z.string(), lastError: z.string() })) }),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })) }),
});
const querySchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** The file of the documentation, for this master and this machine, and as often as a test wants it. */
function configFor(url: string, tokenFile: string): string {
  return readFileSync(join(MONITORING, 'prometheus.yml'), 'utf8')
    .replace('scrape_interval: 15s', 'scrape_interval: 1s')
    .replace('evaluation_interval: 15s', 'evaluation_interval: 1s')
    .replace('- alerts.yml', `- ${join(MONITORING, 'alerts.yml')}`)
    .replace('/etc/prometheus/lightdom-token', tokenFile)
    .replace('127.0.0.1:3001', new URL(url).host);
}

it('a real Prometheus, set up as documented, has a master as a target that is up, and answers with its series', async (context) => {
  const version = await runProcess('prometheus', ['--version']).catch(() => undefined);
  if (version === undefined)
    return context.skip('prometheus is not installed: apt-get install --no-install-recommends prometheus');
  const place = await openMasterPlace();
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-prometheus-'));
  const port = await freePort();
  const master = place.create();
  await master.start();
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(configFile, configFor(servicesOf(master)['api']?.about ?? '', join(place.dataDir, 'token')));
  const args = [`--config.file=${configFile}`, `--storage.tsdb.path=${folder}/data`, '--log.level=error'];
  const prometheus = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const ask = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json());
  const valueOf = async (query: string): Promise<string | undefined> =>
    (await ask(`query?query=${encodeURIComponent(query)}`, querySchema)).data.result[0]?.value[1];
  try {
    const targets = () =>
      ask('targets', targetsSchema).then(
        ({ data }) => data.activeTargets,
        () => [],
      );
    await expect.poll(targets, PATIENCE).toEqual([{ health: 'up', lastError: '' }]);
    expect(await valueOf('up{job="lightdom"}')).toBe('1');
    expect(await valueOf('lightdom_service_up{service="api"}')).toBe('1');
    expect(await valueOf('count(lightdom_service_up)')).not.toBe('0');
    expect(Number(await valueOf('process_resident_memory_bytes'))).toBeGreaterThan(1_000_000);
    const rules = async () => {
      const { groups } = (await ask('rules', rulesSchema)).data;
      return new Set(groups.flatMap((group) => group.rules.map(({ health }) => health)));
    };
    await expect.poll(rules, PATIENCE).toEqual(new Set(['ok']));
  } finally {
    const exited = once(prometheus, 'exit');
    prometheus.kill('SIGTERM');
    await exited;
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
