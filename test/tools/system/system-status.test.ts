import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient, SHOP } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('system_status', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('shows the ten subsystems, what is unavailable, and the index', async () => {
    const answer = await app.call('system_status');
    expect(answer.isError).toBe(false);
    const lines = answer.text.split('\n');
    expect(lines[0]).toMatch(/^system running, up \d+ s$/);
    expect(lines[1]).toMatch(
      /^startup running: database ready \(Postgres 18\.\S+\), runs ready \(durable engine up\), /,
    );
    expect(lines).toContain('campaigns unavailable (not part of this version yet)');
    expect(lines.at(-1)).toMatch(`index of ${SHOP}: 3 files, `);
    expect(answer.structured).toMatchObject({
      status: 'running',
      metrics: { servicesRunning: 5, campaignsActive: 0, agentsRunning: 0, indexingProgress: 100 },
    });
  });

  it('refuses arguments that it does not have', async () => {
    const answer = await app.call('system_status', { detail: 'full' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('detail');
  });
});
