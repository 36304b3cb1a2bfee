import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deferred } from '../../../src/core/deferred.ts';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const planned = z.object({ plan: z.object({ action: z.string(), planId: z.string() }) });

describe('system_stop', () => {
  const asked = deferred<void>();
  let stops = 0;
  let app: AppClient;

  beforeAll(async () => {
    const requestStop = (): void => {
      stops += 1;
      asked.resolve();
    };
    app = await openAppClient({ isIndexed: false, requestStop });
  });

  afterAll(() => app.close());

  it('stops nothing before somebody has agreed; then it answers, and the stop begins', async () => {
    const first = await app.call('system_stop');
    expect(first.text).toContain('nothing was done yet. Planned: Stop LightDom');
    expect(first.structured).toMatchObject({ status: 'running' });
    const { plan } = planned.parse(first.structured);
    expect(stops).toBe(0);
    const done = await app.call('system_stop', { planId: plan.planId });
    expect(done).toMatchObject({ isError: false, text: 'system stopping', structured: { status: 'stopping' } });
    await asked.promise;
    expect(stops).toBe(1);
  });

  it('refuses a plan that is none of its own', async () => {
    const answer = await app.call('system_stop', { planId: 'somebody-elses' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('That plan does not stand for what would be done now');
  });
});
