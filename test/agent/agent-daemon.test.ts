import { expect, test } from 'vitest';
import { AgentDaemon } from '../../src/agent/agent-daemon.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLog } from '../../src/core/log.ts';

/** The rounds of the agent that heals by itself. */
interface Rounds {
  readonly daemon: AgentDaemon;
  readonly healed: readonly string[];
  /** Resolves when so many rounds have begun to heal. */
  readonly reached: (count: number) => Promise<void>;
}

const HOUR_MS = 3_600_000;

function roundsOf(heal: (signal: AbortSignal) => Promise<string>, intervalMs = HOUR_MS): Rounds {
  const healed: string[] = [];
  const daemon = new AgentDaemon({
    intervalMs,
    heal: (signal) => {
      healed.push('begun');
      return heal(signal);
    },
    follow: () => Promise.resolve(),
    log: createLog({ level: 'silent' }),
  });
  return { daemon, healed, reached: (count) => expect.poll(() => healed.length).toBeGreaterThanOrEqual(count) };
}

test('a run is started at once, then again after each interval, until it is stopped', async () => {
  const { daemon, healed, reached } = roundsOf(() => Promise.resolve('run'), 5);
  daemon.start();
  daemon.start();
  await reached(3);
  expect(daemon.lastRunId()).toBe('run');
  await daemon.stop();
  expect(daemon.isRunning()).toBe(false);
  expect(daemon.nextRunAt()).toBeUndefined();
  const count = healed.length;
  await new Promise((done) => setTimeout(done, 30));
  expect(healed).toHaveLength(count);
});

test('it says when it heals next', async () => {
  const { daemon } = roundsOf(() => Promise.resolve('run'));
  daemon.start();
  await expect.poll(() => Date.parse(daemon.nextRunAt() ?? '')).toBeGreaterThan(Date.now());
  await daemon.stop();
});

test('a run that is at work already is no problem, anything else is said, and the next round tries again', async () => {
  const errors = [new AppError('conflict', 'at work'), new AppError('not_ready', 'the database is away')];
  const { daemon, reached } = roundsOf(() => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve('run') : Promise.reject(error);
  });
  daemon.start();
  await reached(1);
  await daemon.stop();
  expect(daemon.problem()).toBeUndefined();
  daemon.start();
  await expect.poll(() => daemon.problem()).toContain('the database is away');
  await daemon.stop();
  daemon.start();
  await expect.poll(() => daemon.lastRunId()).toBe('run');
  expect(daemon.problem()).toBeUndefined();
  await daemon.stop();
});

test('a stop ends the wait for what a run needs, and is no problem', async () => {
  const { daemon, reached } = roundsOf(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
  );
  daemon.start();
  await reached(1);
  await daemon.stop();
  expect(daemon.problem()).toBeUndefined();
});
