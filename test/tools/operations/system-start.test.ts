import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppClient } from '../../support/app-client.ts';
import { openServiceClient } from '../../support/service-client.ts';

describe('system_start', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openServiceClient();
  });

  afterAll(() => app.close());

  it('starts what has failed, and leaves what runs, what is disabled and what was stopped by hand', async () => {
    await app.callAgreed('service_control', { name: 'reader', action: 'stop' });
    const { pid } = app.services.supervisor.get('talker');
    const answer = await app.call('system_start');
    expect(answer.text).toMatch(/^system running\nbroken starting /);
    expect(answer.structured).toMatchObject({ status: 'running', started: [{ name: 'broken' }] });
    expect(app.services.supervisor.get('talker')).toMatchObject({ state: 'ready', pid });
    expect(app.services.supervisor.get('reader').state).toBe('stopped');
  });

  it('changes nothing when there is nothing to start', async () => {
    await app.callAgreed('service_control', { name: 'broken', action: 'stop' });
    const answer = await app.call('system_start');
    expect(answer).toMatchObject({ isError: false, text: 'system running\nnothing was to be started' });
  });

  it('takes no fields', async () => {
    expect((await app.call('system_start', { all: true })).text).toContain('"all" is not a field');
  });
});
