import { afterEach, describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { loadConfig } from '../../../src/core/config/index.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { Monitoring } from '../../../src/monitoring.ts';
import { SUBSYSTEM_KEYS } from '../../../src/orchestrator/index.ts';
import { Orchestrator } from '../../../src/orchestrator/orchestrator-runtime.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { serveHttp } from '../../support/surface-client.ts';
import { createTestCatalog } from '../../support/test-catalog.ts';

const log = createSilentLog();

describe('the health routes', () => {
  let server: HttpServer | undefined;

  afterEach(() => server?.close());

  const ask = async (path: string): Promise<[number, unknown]> => {
    const answer = await fetch(`${server?.url}${path}`);
    return [answer.status, await answer.json()];
  };

  it('tell apart that the process answers, that it has started and that it is ready', async () => {
    let goOn = (): void => {};
    let reached = (): void => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const isAtIndex = new Promise<void>((resolve) => (reached = resolve));
    const phases = { autoStart: true, autoIndex: true, autoAgent: false, autoCampaign: false };
    const subsystems = SUBSYSTEM_KEYS.map((key) => ({
      key,
      async start() {
        if (key !== 'indexing') return 'ok';
        reached();
        await held;
        return 'ok';
      },
      stop: () => Promise.resolve(),
      status: () => ({ state: 'initialized', details: {} }) as const,
    }));
    const open = () => Promise.resolve({ subsystems, close: () => Promise.resolve() });
    const orchestrator = new Orchestrator({ log, phases, open });
    const loaded = loadConfig({ flags: {}, env: {}, isStoreRead: false });
    const monitoring = new Monitoring({ loaded, log, catalog, version: '0' });
    monitoring.watch(orchestrator);
    server = await serveHttp(
      { catalog: createTestCatalog().catalog, log },
      {
        startup: () => monitoring.startup(),
        readiness: () => ({ ready: orchestrator.getStatus().status === 'running', reason: 'by its status' }),
      },
    );
    expect(await ask('/startupz')).toEqual([503, { started: false, reason: 'not begun' }]);
    const starting = orchestrator.start();
    await isAtIndex;
    expect(await ask('/startupz')).toEqual([503, { started: false, reason: 'phase 2, Index codebase: started' }]);
    expect(await ask('/livez')).toEqual([200, { alive: true }]);
    goOn();
    await starting;
    expect(await ask('/startupz')).toEqual([200, { started: true, reason: 'started' }]);
    expect((await ask('/readyz'))[0]).toBe(200);
    await orchestrator.stop();
    // What has once started has started: only its readiness is gone.
    expect((await ask('/startupz'))[0]).toBe(200);
    expect((await ask('/readyz'))[0]).toBe(503);
  });
});
