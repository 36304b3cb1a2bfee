import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import type { ConfigInput } from '../../src/index.ts';
import { manifestConsent } from '../../src/service-plan.ts';
import type { ServiceView, SupervisorService } from '../../src/supervisor/index.ts';
import { isAlive } from '../support/master-process.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';

const NODE = JSON.stringify(process.execPath);
/** Says that it is up, and ends when it is told to. */
const OBEDIENT = `[${NODE}, -e, "console.log('up'); setInterval(() => {}, 1000)"]`;
/** Ends at once, every time. */
const BROKEN = `[${NODE}, -e, "process.exit(3)"]`;

describe('the services of a master', () => {
  let database: TestDatabase;
  let folder = '';
  let master: MasterSystemOrchestrator | undefined;

  beforeEach(async () => {
    database = await createProductDatabase();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightdom-services-')));
    mkdirSync(join(folder, 'workspace'));
  });

  afterEach(async () => {
    await master?.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const create = (startup: NonNullable<ConfigInput['services']>['startup'] = {}): MasterSystemOrchestrator => {
    master = new MasterSystemOrchestrator({
      dataDir: join(folder, 'data'),
      workspace: join(folder, 'workspace'),
      database: { url: database.url },
      http: { enabled: false },
      runs: { workers: 0 },
      log: { level: 'silent' },
      services: { startup },
    });
    return master;
  };
  /** Where the configuration names it. */
  const manifest = (text: string): string => {
    const path = join(folder, 'services.yaml');
    writeFileSync(path, text);
    return path;
  };
  const workspaceManifest = (text: string): string => {
    const path = join(folder, 'workspace', 'lightdom.services.yaml');
    writeFileSync(path, text);
    return path;
  };
  const started = async (startup = {}): Promise<SupervisorService> => {
    const starting = create(startup);
    await starting.start();
    return (await starting.services()).supervisor;
  };

  it('are the parts of the system, in the order of what they need, each with its health', async () => {
    const supervisor = await started();
    const ready = supervisor.list().filter(({ state }) => state === 'ready');
    expect(ready.map(({ name }) => name)).toEqual(['database', 'runs', 'indexer', 'agent', 'api']);
    expect(supervisor.get('database')).toMatchObject({
      isCritical: true,
      isFixed: true,
    });
    expect(supervisor.get('models')).toMatchObject({
      state: 'stopped',
      isEnabled: false,
      disabledReason: 'it is not part of this version yet',
    });
    expect(() => supervisor.enable('models')).toThrow(/`models` can't be enabled: it is not part of this version yet/);
    await expect(supervisor.stopService('api')).rejects.toThrow(/`api` is what the system stands on/);
    await supervisor.stopService('indexer');
    expect(master?.getStatus()).toMatchObject({
      metrics: { servicesRunning: 4 },
      orchestrators: {
        startup: { details: { services: { indexer: { state: 'stopped' }, models: { state: 'disabled' } } } },
      },
    });
    supervisor.startService('indexer');
    expect((await until(supervisor, 'indexer', ({ state }) => state === 'ready')).about).toBe('code graph');
  });

  it('of a workspace run once its manifest was allowed, and only as it was then', async () => {
    const path = workspaceManifest(`services: { web: { command: ${OBEDIENT} } }`);
    let supervisor = await started();
    expect(supervisor.get('web')).toMatchObject({ state: 'stopped', isEnabled: false });
    expect(supervisor.get('web').disabledReason).toMatch(
      /has not been allowed as it is now: .*lightdom services allow/,
    );
    expect(() => supervisor.enable('web')).toThrow(/has not been allowed/);
    await master?.stop();

    manifestConsent(join(folder, 'data')).allow(path, `services: { web: { command: ${OBEDIENT} } }`);
    supervisor = await started();
    const { state, pid = 0 } = supervisor.get('web');
    expect(state).toBe('ready');
    await master?.stop();
    expect(isAlive(pid)).toBe(false);

    workspaceManifest(`services: { web: { command: ${OBEDIENT} }, worse: { command: ${OBEDIENT} } }`);
    supervisor = await started();
    expect(supervisor.list().filter(({ pid: running }) => running !== undefined)).toEqual([]);
    await master?.stop();

    workspaceManifest('services: { web: { command: [] } }');
    supervisor = await started();
    expect(() => supervisor.get('web')).toThrow(/There is no service `web`/);
  });

  it('that the configuration names are started after what they depend on, and again when they end', async () => {
    const path = manifest(`
services:
  web: { command: ${OBEDIENT}, dependsOn: { api: { condition: healthy }, job: { condition: completed } } }
  job: { command: [${NODE}, -e, ""], oneShot: true }
`);
    const supervisor = await started({ manifest: path });
    expect(supervisor.get('job').state).toBe('completed');
    const { pid = 0, state } = supervisor.get('web');
    expect(state).toBe('ready');
    process.kill(pid, 'SIGKILL');
    const back = await until(supervisor, 'web', (view) => view.state === 'ready' && view.pid !== pid);
    expect(back.restarts).toBe(1);
    const { ratio = 0 } = await supervisor.availability('database', 60_000);
    expect(ratio).toBeGreaterThan(0);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  it('are left as they ended where `autoRestart` is off', async () => {
    const supervisor = await started({
      manifest: manifest(`services: { web: { command: ${OBEDIENT} } }`),
      autoRestart: false,
    });
    process.kill(supervisor.get('web').pid ?? 0, 'SIGKILL');
    expect((await until(supervisor, 'web', ({ state }) => state === 'failed')).restarts).toBe(0);
  });

  it('are restarted quickly as often as `maxRestarts` says, and then seldom, with a warning', async () => {
    const path = manifest(`services: { web: { command: ${BROKEN}, backoff: { initialMs: 10, maxMs: 20 } } }`);
    const warnings: string[] = [];
    create({ manifest: path, maxRestarts: 2 }).on('warning', (text) => warnings.push(text));
    await master?.start();
    const { supervisor } = (await master?.services()) ?? {};
    expect(supervisor?.get('web')).toMatchObject({ state: 'crashloop', restarts: 2 });
    expect(warnings.join('\n')).toMatch(/Service web: /);
  });

  it('that do not run are named in a warning with each status', async () => {
    const path = manifest(`services: { web: { command: ${OBEDIENT}, restart: never } }`);
    const supervisor = await started({ manifest: path, statusInterval: 100 });
    const warning = new Promise<string>(
      (resolve) => void master?.on('warning', (text) => text.includes('services are') && resolve(text)),
    );
    process.kill(supervisor.get('web').pid ?? 0, 'SIGKILL');
    expect(await warning).toBe('5 of 6 services are ready; not web (failed).');
  });

  it('end the start with what is wrong when a critical one does not come up; the next start goes on from there', async () => {
    const mended = join(folder, 'mended');
    const program = `require('fs').existsSync(${JSON.stringify(mended)}) ? setInterval(() => {}, 1000) : process.exit(3)`;
    const path = manifest(`
services:
  web: { command: ${JSON.stringify([process.execPath, '-e', program])}, critical: true, restart: never }
  other: { command: ${OBEDIENT} }
`);
    const starting = create({ manifest: path });
    await expect(starting.start()).rejects.toThrow(/Service `web` is failed: .*3/);
    expect(starting.getStatus().status).toBe('error');
    const { supervisor } = await starting.services();
    const { pid } = supervisor.get('other');

    writeFileSync(mended, '');
    await starting.start();
    expect(starting.getStatus().status).toBe('running');
    expect(supervisor.get('web').state).toBe('ready');
    expect(supervisor.get('other')).toMatchObject({ state: 'ready', pid, restarts: 0 });
    expect((await starting.services()).supervisor).toBe(supervisor);
  });

  it('end the system when a critical one fails later', async () => {
    const path = manifest(`services: { web: { command: ${OBEDIENT}, critical: true, restart: never } }`);
    const errors: unknown[] = [];
    create({ manifest: path }).on('error', (error) => errors.push(error));
    const stopped = new Promise<void>((resolve) => void master?.on('stopped', () => resolve()));
    await master?.start();
    const { supervisor } = (await master?.services()) ?? {};
    process.kill(supervisor?.get('web').pid ?? 0, 'SIGKILL');
    await stopped;
    expect(String(errors[0])).toContain("The system stops, since it can't do without service `web`");
    expect(master?.getStatus().status).toBe('stopped');
  });

  it('refuse a manifest with mistakes, by file and line, before anything runs', async () => {
    const path = manifest('services:\n  api: { command: x }\n  web: { command: x, dependsOn: { nobody: {} } }\n');
    await expect(create({ manifest: path }).start()).rejects.toThrow(
      /services\.yaml:2: .*a service of the system has this name[^]*:3: .*there is no such other service/,
    );
  });
});

/** The service once it is so. */
async function until(
  supervisor: SupervisorService,
  name: string,
  isWanted: (view: ServiceView) => boolean,
): Promise<ServiceView> {
  for (;;) {
    const view = supervisor.get(name);
    if (isWanted(view)) return view;
    await new Promise<void>((resolve) => void supervisor.events.once('changed', () => resolve()));
  }
}
