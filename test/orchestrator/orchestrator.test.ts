import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../src/core/log.ts';
import { SUBSYSTEM_KEYS } from '../../src/orchestrator/index.ts';
import { Orchestrator, unavailableSubsystem } from '../../src/orchestrator/orchestrator-runtime.ts';
import type { PhaseReport, Subsystem } from '../../src/orchestrator/index.ts';

const log = createSilentLog();
const ALL_ON = { autoStart: true, autoIndex: true, autoAgent: true, autoCampaign: true };

/** Ten parts that write down what happens to them. */
function recordingParts(journal: string[], failing?: string): readonly Subsystem[] {
  return SUBSYSTEM_KEYS.map((key) => ({
    key,
    start() {
      journal.push(`start ${key}`);
      return failing === `start ${key}` ? Promise.reject(new Error(`${key} is broken`)) : Promise.resolve('ok');
    },
    stop() {
      journal.push(`stop ${key}`);
      return failing === `stop ${key}` ? Promise.reject(new Error(`${key} is broken`)) : Promise.resolve();
    },
    status: () => ({ state: 'initialized', details: {} }),
  }));
}

function orchestratorOver(subsystems: readonly Subsystem[], journal: string[], phases = ALL_ON): Orchestrator {
  const close = (): Promise<void> => {
    journal.push('close');
    return Promise.resolve();
  };
  return new Orchestrator({ log, phases, open: () => Promise.resolve({ subsystems, close }) });
}

describe('Orchestrator', () => {
  it('starts its phases in order and stops all ten parts in reverse, then the database', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver(recordingParts(journal), journal);
    await orchestrator.initialize();
    expect(orchestrator.getStatus().status).toBe('initialized');
    expect(Object.keys(orchestrator.getStatus().orchestrators)).toEqual([...SUBSYSTEM_KEYS]);
    await orchestrator.start();
    expect(orchestrator.getStatus().status).toBe('running');
    await orchestrator.stop();
    expect(orchestrator.getStatus().status).toBe('stopped');
    expect(journal).toEqual([
      ...['startup', 'indexing', 'campaigns', 'agent', 'tensorflow'].map((key) => `start ${key}`),
      ...SUBSYSTEM_KEYS.toReversed().map((key) => `stop ${key}`),
      'close',
    ]);
  });

  it('skips the phases that are off and reports each phase', async () => {
    const journal: string[] = [];
    const off = { ...ALL_ON, autoIndex: false, autoAgent: false, autoCampaign: false };
    const orchestrator = orchestratorOver(recordingParts(journal), journal, off);
    const reports: PhaseReport[] = [];
    orchestrator.events.on('phase', (report) => reports.push(report));
    await orchestrator.start();
    expect(journal).toEqual(['start startup', 'start tensorflow']);
    expect(reports.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual([
      '1 started',
      '1 done',
      '2 skipped',
      '3 skipped',
      '4 skipped',
      '5 started',
      '5 done',
    ]);
    await orchestrator.stop();
  });

  it('warns about a phase that was asked for and is unavailable, and starts all the same', async () => {
    const parts = SUBSYSTEM_KEYS.map((key) => unavailableSubsystem(key, 'not built'));
    const orchestrator = orchestratorOver(parts, []);
    const warnings: string[] = [];
    orchestrator.events.on('warning', (text) => warnings.push(text));
    await orchestrator.start();
    expect(warnings).toEqual(['Index codebase: not built', 'Campaigns: not built', 'Autonomous agent: not built']);
    expect(orchestrator.getStatus().orchestrators['seo']).toEqual({
      state: 'unavailable',
      reason: 'not built',
      details: {},
    });
    await orchestrator.stop();
  });

  it('says that it is about to stop while everything still runs, and that it has stopped', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver(recordingParts(journal), journal);
    await orchestrator.start();
    journal.length = 0;
    orchestrator.events.on('stopping', () => journal.push('stopping'));
    orchestrator.events.on('stopped', () => journal.push('stopped'));
    await orchestrator.stop();
    expect([journal.at(0), journal.at(-1)]).toEqual(['stopping', 'stopped']);
  });

  it('is not ended by an error that nobody listens for', async () => {
    const orchestrator = orchestratorOver(recordingParts([], 'start startup'), []);
    await expect(orchestrator.start()).rejects.toThrow('startup is broken');
    await orchestrator.stop();
    expect(orchestrator.getStatus().status).toBe('stopped');
  });

  it('emits error and says so in its status when it can not open, and opens anew at the next start', async () => {
    let isDatabaseUp = false;
    const opened = { subsystems: recordingParts([]), close: () => Promise.resolve() };
    const orchestrator = new Orchestrator({
      log,
      phases: ALL_ON,
      open: () => (isDatabaseUp ? Promise.resolve(opened) : Promise.reject(new Error('no database'))),
    });
    const errors: unknown[] = [];
    orchestrator.events.on('error', (error) => errors.push(error));
    await expect(orchestrator.initialize()).rejects.toThrow('no database');
    expect(errors).toHaveLength(1);
    expect(orchestrator.getStatus().status).toBe('error');
    await expect(orchestrator.start()).rejects.toThrow('no database');
    isDatabaseUp = true;
    await orchestrator.start();
    expect(orchestrator.getStatus().status).toBe('running');
    await orchestrator.stop();
    expect(orchestrator.getStatus().status).toBe('stopped');
  });

  it('goes on with the phase that failed, and does none twice that was done', async () => {
    const journal: string[] = [];
    let isBroken = true;
    const parts = recordingParts(journal).map((part) => {
      const start = (): Promise<string> => (isBroken ? Promise.reject(new Error('no model')) : part.start());
      return part.key === 'agent' ? Object.assign({}, part, { start }) : part;
    });
    const orchestrator = orchestratorOver(parts, journal);
    const reports: PhaseReport[] = [];
    orchestrator.events.on('phase', (report) => reports.push(report));
    await expect(orchestrator.start()).rejects.toThrow('no model');
    expect(reports.at(-1)).toMatchObject({ phase: 4, outcome: 'failed', detail: 'no model' });
    await expect(orchestrator.start()).rejects.toThrow('no model');
    await expect(orchestrator.initialize()).rejects.toThrow("can't initialize while it is error");
    isBroken = false;
    await orchestrator.start();
    expect(orchestrator.getStatus().status).toBe('running');
    expect(journal).toEqual(['startup', 'indexing', 'campaigns', 'agent', 'tensorflow'].map((key) => `start ${key}`));
    await expect(orchestrator.start()).rejects.toThrow("can't start while it is running");
    await orchestrator.stop();
    journal.length = 0;
    await orchestrator.start();
    expect(journal).toHaveLength(5);
    await orchestrator.stop();
  });

  it('times each phase and tells in its status, of four keys, how far the start has come', async () => {
    const orchestrator = orchestratorOver(recordingParts([], 'start agent'), [], { ...ALL_ON, autoIndex: false });
    const reports: PhaseReport[] = [];
    orchestrator.events.on('phase', (report) => reports.push(report));
    await expect(orchestrator.start()).rejects.toThrow('agent is broken');
    const status = orchestrator.getStatus();
    expect(Object.keys(status)).toEqual(['status', 'uptime', 'metrics', 'orchestrators']);
    const { phases } = z
      .object({ phases: z.array(z.object({ phase: z.number(), outcome: z.string(), durationMs: z.int().min(0) })) })
      .parse(status.orchestrators['startup']?.details);
    expect(phases.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual([
      '1 done',
      '2 skipped',
      '3 done',
      '4 failed',
    ]);
    for (const { outcome, durationMs } of reports) expect(durationMs === undefined).toBe(outcome === 'started');
    await orchestrator.stop();
  });

  it('stops everything else when a phase or a part fails', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver(recordingParts(journal, 'start agent'), journal);
    await expect(orchestrator.start()).rejects.toThrow('agent is broken');
    await orchestrator.stop();
    expect(journal.at(-1)).toBe('close');
    const stubborn = orchestratorOver(recordingParts(journal, 'stop seo'), journal);
    await stubborn.start();
    await stubborn.stop();
    expect(journal.slice(-2)).toEqual(['stop startup', 'close']);
  });

  it('refuses parts that are not the ten in their order', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver([unavailableSubsystem('seo', 'x')], journal);
    await expect(orchestrator.initialize()).rejects.toThrow('Subsystems must be startup,');
    expect(journal).toEqual(['close']);
  });

  it('lets a start that is under way finish before it stops, so that nothing is left half up', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver(recordingParts(journal), journal);
    const started = orchestrator.start();
    await orchestrator.stop();
    await started;
    expect(journal.indexOf('start tensorflow')).toBeLessThan(journal.indexOf('stop design'));
    expect(journal.at(-1)).toBe('close');
    expect(orchestrator.getStatus().status).toBe('stopped');
  });

  it('starts again after a stop and is not stopped twice', async () => {
    const journal: string[] = [];
    const orchestrator = orchestratorOver(recordingParts(journal), journal);
    await orchestrator.start();
    await Promise.all([orchestrator.stop(), orchestrator.stop()]);
    expect(journal.filter((line) => line === 'close')).toHaveLength(1);
    await orchestrator.start();
    expect(orchestrator.getStatus().status).toBe('running');
    await orchestrator.stop();
  });
});
