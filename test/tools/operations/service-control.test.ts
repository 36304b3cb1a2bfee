import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppClient } from '../../support/app-client.ts';
import { openServiceClient } from '../../support/service-client.ts';

const planned = z.object({ plan: z.object({ action: z.string(), planId: z.string() }) });

describe('service_control', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openServiceClient();
  });

  afterAll(() => app.close());

  const stateOf = (name: string) => app.services.supervisor.get(name).state;

  it('stops what runs once somebody has agreed, names what depends on it, and starts it again', async () => {
    const answer = await app.call('service_control', { name: 'talker', action: 'stop', reason: 'lunch' });
    const { plan } = planned.parse(answer.structured);
    expect(plan.action).toBe('Stop service `talker`, on which reader depends');
    expect(stateOf('talker')).toBe('ready');
    const done = await app.call('service_control', {
      name: 'talker',
      action: 'stop',
      reason: 'lunch',
      planId: plan.planId,
    });
    expect(done.text).toMatch(/^talker stopped .*: lunch$/);
    const started = await app.call('service_control', { name: 'talker', action: 'start' });
    expect(started.text).toMatch(/^talker starting /);
    expect(started.text).toContain('next: service_list {"name":"talker"}');
  });

  it('says what a start waits for', async () => {
    await app.callAgreed('service_control', { name: 'reader', action: 'stop' });
    await app.callAgreed('service_control', { name: 'talker', action: 'stop' });
    const { text } = await app.call('service_control', { name: 'reader', action: 'start' });
    expect(text).toMatch(/^reader stopped .* waits-for=talker needs=talker: /);
    await untilReady(app, 'reader');
    expect(stateOf('talker')).toBe('ready');
  });

  it('restarts: another process, the same service', async () => {
    await untilReady(app, 'talker');
    const before = app.services.supervisor.get('talker').pid;
    await app.callAgreed('service_control', { name: 'talker', action: 'restart' });
    await untilReady(app, 'talker', before);
    expect(app.services.supervisor.get('talker').pid).not.toBe(before);
  });

  it('disables with a reason, refuses a start then, and enables again', async () => {
    const off = await app.callAgreed('service_control', { name: 'talker', action: 'disable', reason: 'it is noisy' });
    expect(off.text).toMatch(/^talker disabled .*: it is noisy$/);
    const refused = await app.call('service_control', { name: 'talker', action: 'start' });
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toContain('is disabled: it is noisy');
    const on = await app.call('service_control', { name: 'talker', action: 'enable' });
    expect(on.text).toMatch(/^talker starting /);
  });

  it.each([
    [{ name: 'nobody', action: 'start' }, 'There is no service `nobody`'],
    [{ name: 'database', action: 'stop' }, "it can't be moved alone"],
    [{ name: 'models', action: 'enable' }, "can't be enabled: it is not part of this version yet"],
    [{ name: 'talker', action: 'explode' }, '"action"'],
  ])('refuses %j', async (input, text) => {
    const answer = await app.call('service_control', input);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(text);
  });
});

/** As a process other than that of the number. */
async function untilReady(app: AppClient, name: string, formerPid?: number): Promise<void> {
  const { supervisor } = app.services;
  for (;;) {
    const { state, pid } = supervisor.get(name);
    if (state === 'ready' && pid !== formerPid) return;
    await new Promise<void>((resolve) => void supervisor.events.once('changed', () => resolve()));
  }
}
