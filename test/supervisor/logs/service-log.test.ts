import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServiceLog } from '../../../src/supervisor/logs/service-log.ts';

describe('the log of a service', () => {
  const create = (secrets: readonly string[] = []) => {
    const file = join(mkdtempSync(join(tmpdir(), 'log-')), 'a.log');
    const options = { file, secrets, awaited: ['up'], nowMs: () => 1_000, onLine: () => {}, onUnwritable: () => {} };
    return { log: new ServiceLog(options), file };
  };

  it('keeps the last thousand lines in memory and all of them on disk, each of two thousand characters at most', () => {
    const { log, file } = create();
    for (let at = 0; at < 3_500; at += 1) log.append('stdout', String(at));
    log.append('stderr', 'x'.repeat(5_000));
    const kept = log.tail(1_000_000);
    expect(kept).toHaveLength(1_000);
    expect(kept[0]?.line).toBe('2501');
    expect(kept.at(-1)?.line).toHaveLength(2_000);
    expect(log.tail(2).map(({ stream }) => stream)).toEqual(['stdout', 'stderr']);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3_501);
  });

  it('shows no secret that the service was given, however it stands there', () => {
    const { log, file } = create(['hunter2!', 'no']);
    log.append('stdout', 'a=hunter2!&b=hun\u200Bter2! no');
    expect(log.tail(1)[0]?.line).toBe('a=[Redacted]&b=[Redacted] no');
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2!');
  });

  it('knows whether a process has said what is awaited, since it began', () => {
    const { log } = create();
    log.begin(false);
    log.append('supervisor', 'it is up');
    expect(log.hasSaid('up')).toBe(false);
    log.append('stdout', 'it is up');
    expect(log.hasSaid('up')).toBe(true);
    log.begin(false);
    expect(log.hasSaid('up')).toBe(false);
    log.begin(true);
    expect(log.hasSaid('up')).toBe(true);
  });
});
