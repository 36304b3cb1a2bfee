import { describe, expect, it } from 'vitest';
import { SERVICE_STATES, TRANSITIONS } from '../../../src/supervisor/decisions/service-state.ts';
import { DrivenMachine } from './machine-fixture.ts';

describe('a service', () => {
  it('is ready as soon as it is launched when nothing is asked of it', () => {
    const service = new DrivenMachine();
    expect(service.tell('start', 0)).toEqual([{ type: 'launch' }]);
    service.tell('launched', 5);
    expect(service.way).toEqual(['starting', 'running', 'ready']);
    expect(service.tell('stop', 10)).toEqual([{ type: 'halt' }]);
    service.tell('exited', 20);
    expect(service.machine).toMatchObject({ state: 'stopped', isWanted: false, reason: 'stop' });
  });

  it('goes through its startup probe, then its readiness probe, and back', () => {
    const service = new DrivenMachine({ hasStartup: true, hasReadiness: true });
    service.tell('start', 0);
    service.tell('launched', 1);
    service.tell('ready', 2);
    expect(service.machine.state).toBe('starting');
    service.tell('startupPassed', 3);
    service.tell('unready', 4);
    expect(service.machine.state).toBe('running');
    for (const type of ['ready', 'unready', 'ready'] as const) service.tell(type, 5);
    expect(service.way).toEqual(['starting', 'running', 'ready', 'unready', 'ready']);
  });

  it('is started again after a crash, each time later, and soon once it was ready for a minute', () => {
    const service = new DrivenMachine({ crashLoop: { exits: 100, withinMs: 1, retryMs: 1 } });
    service.tell('start', 0);
    const waits = [];
    for (let at = 0; at < 10; at += 1) {
      service.tell('launched', at * 1000);
      waits.push(...service.tell('exited', at * 1000));
      service.tell('due', at * 1000);
    }
    expect(waits.map((effect) => ('ms' in effect ? effect.ms : 0))).toEqual([
      150, 300, 600, 1200, 2400, 4800, 9600, 19_200, 22_500, 22_500,
    ]);
    service.tell('launched', 20_000);
    expect(service.tell('exited', 80_000)).toEqual([{ type: 'wait', ms: 150 }]);
  });

  it('is in a crash loop after five exits within a minute: said once, tried slowly, left by hand or by being well', () => {
    const service = new DrivenMachine();
    service.tell('start', 0);
    const crash = (atMs: number) => {
      service.tell('due', atMs);
      service.tell('launched', atMs);
      return service.tell('exited', atMs + 1, { reason: 'exit code 1' });
    };
    for (const atMs of [0, 1000, 2000, 3000]) expect(crash(atMs)).toMatchObject([{ type: 'wait' }]);
    expect(crash(4000)).toEqual([
      {
        type: 'alert',
        kind: 'crash-loop',
        message: 'It ended 5 times within 60000 ms, last: exit code 1. It is tried again every 300000 ms.',
      },
      { type: 'wait', ms: 300_000 },
    ]);
    expect(crash(304_000)).toEqual([{ type: 'wait', ms: 300_000 }]);
    expect(service.machine.state).toBe('crashloop');
    service.tell('due', 700_000);
    service.tell('launched', 700_000);
    expect(service.tell('exited', 770_000)).toEqual([{ type: 'wait', ms: 150 }]);
    expect(service.machine).toMatchObject({ state: 'backoff', isLooping: false });
    service.tell('start', 770_001);
    expect(service.machine).toMatchObject({ state: 'starting', exits: [], failures: 0 });
  });

  it('does not count exits that lie further apart than the window', () => {
    const service = new DrivenMachine();
    service.tell('start', 0);
    for (let at = 0; at < 40; at += 1) {
      service.tell('due', at * 15_000);
      service.tell('launched', at * 15_000);
      service.tell('exited', at * 15_000);
      expect(service.machine.state).toBe('backoff');
    }
  });

  it.each([
    ['never', true, 'stopped'],
    ['never', false, 'failed'],
    ['on-failure', true, 'stopped'],
    ['on-failure', false, 'backoff'],
    ['always', true, 'backoff'],
    ['unless-stopped', false, 'backoff'],
  ] as const)('with restart %s and success %s is %s after it ended', (restart, isSuccess, state) => {
    const service = new DrivenMachine({ restart });
    service.tell('start', 0);
    service.tell('launched', 0);
    service.tell('exited', 1, { isSuccess });
    expect(service.machine.state).toBe(state);
  });

  it('that is a one-shot job completes, or is tried again', () => {
    const job = new DrivenMachine({ oneShot: true, restart: 'on-failure' });
    job.tell('start', 0);
    job.tell('launched', 0);
    job.tell('exited', 1, { isSuccess: false });
    job.tell('due', 2);
    job.tell('launched', 2);
    job.tell('exited', 3, { isSuccess: true });
    expect(job.way).toEqual(['starting', 'running', 'backoff', 'starting', 'running', 'completed']);
  });

  it('fails after as many restarts as it may have, at once when another would be the same, and says so', () => {
    const service = new DrivenMachine({ maxRestarts: 1 });
    service.tell('start', 0);
    service.tell('exited', 0, { reason: 'exit code 1' });
    service.tell('due', 1);
    expect(service.tell('exited', 1, { reason: 'exit code 2' })).toEqual([
      { type: 'alert', kind: 'failed', message: 'It failed: exit code 2; 1 restarts in a row did not help.' },
    ]);
    service.tell('start', 2);
    service.tell('exited', 3, { isFinal: true, reason: 'no such program' });
    expect(service.machine).toMatchObject({ state: 'failed', reason: 'no such program', isWanted: true });
  });

  it('is stopped when it is unwell, and goes on as after a crash, with the reason', () => {
    const service = new DrivenMachine();
    service.tell('start', 0);
    service.tell('launched', 0);
    expect(service.tell('unwell', 1, { reason: 'liveness failed' })).toEqual([{ type: 'halt' }]);
    service.tell('exited', 2, { isSuccess: true });
    expect(service.machine).toMatchObject({
      state: 'backoff',
      reason: 'liveness failed; it is started again in 150 ms',
    });
    const never = new DrivenMachine({ restart: 'never' });
    for (const type of ['start', 'launched', 'unwell', 'exited'] as const) never.tell(type, 0);
    expect(never.machine.state).toBe('failed');
  });

  it('heeds the last of several wishes while it stops', () => {
    const service = new DrivenMachine();
    for (const type of ['start', 'launched', 'stop', 'start'] as const) service.tell(type, 0);
    expect(service.tell('exited', 1)).toEqual([{ type: 'launch' }]);
    for (const type of ['launched', 'restart', 'stop', 'exited'] as const) service.tell(type, 2);
    expect(service.machine).toMatchObject({ state: 'stopped', isWanted: false });
  });

  it('never leaves the table, whatever it is told and in whatever order', () => {
    const types = [
      'start',
      'stop',
      'restart',
      'due',
      'launched',
      'startupPassed',
      'ready',
      'unready',
      'unwell',
      'exited',
    ] as const;
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const reached = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      const service = new DrivenMachine(
        {
          hasStartup: random() < 0.5,
          hasReadiness: random() < 0.5,
          oneShot: random() < 0.3,
          restart: random() < 0.5 ? 'on-failure' : 'always',
          crashLoop: { exits: 2, withinMs: 60_000, retryMs: 1 },
        },
        random,
      );
      for (let at = 0; at < 60; at += 1) {
        const type = types[Math.floor(random() * types.length)] ?? 'start';
        service.tell(type, at * 1000, { isSuccess: random() < 0.4, isFinal: random() < 0.1 });
        reached.add(service.machine.state);
      }
    }
    expect([...reached].toSorted()).toEqual([...SERVICE_STATES].toSorted());
    expect(Object.values(TRANSITIONS).every((next) => next.length > 0)).toBe(true);
  });
});
