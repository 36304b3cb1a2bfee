import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runProcess } from '../../../src/core/process/index.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FAULTS = 23;
const TIMEOUT_MS = 400_000;

const reportSchema = z.array(
  z.object({
    summary: z.object({
      faults: z.number(),
      correct: z.number(),
      wrong: z.number(),
      partial: z.number(),
      outOfScope: z.number(),
    }),
    bars: z.array(z.object({ title: z.string(), isHeld: z.boolean() })),
    pass: z.object({
      hasHistory: z.boolean(),
      mended: z.array(z.object({ fault: z.object({ kind: z.string() }), outcome: z.string() })),
    }),
  }),
);

describe('the bench of mended faults, on its own repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightdom-heal-test-'));
  let report: z.infer<typeof reportSchema> = [];
  let printed = '';

  beforeAll(async () => {
    const json = join(folder, 'report.json');
    const args = ['bench/run.js', 'heal', '--faults', String(FAULTS), '--json', json];
    const { stdout } = await runProcess(process.execPath, args, { cwd: ROOT, timeoutMs: TIMEOUT_MS });
    printed = stdout;
    report = reportSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  }, TIMEOUT_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('puts a fault of each class in, and holds all bars', () => {
    const [withHistory] = report;
    expect(withHistory?.pass.hasHistory).toBe(true);
    expect(new Set(withHistory?.pass.mended.map(({ fault }) => fault.kind)).size).toBeGreaterThanOrEqual(21);
    expect(withHistory?.bars.filter(({ isHeld }) => !isHeld)).toEqual([]);
    expect(withHistory?.summary).toMatchObject({ wrong: 0, partial: 0, outOfScope: 0 });
  });

  it('leaves what nothing proves, and says what an earlier version does for it', () => {
    const [withHistory, without] = report;
    const swapped = withHistory?.pass.mended.filter(({ fault }) => fault.kind === 'swapped type');
    expect(swapped?.map(({ outcome }) => outcome)).toEqual(['unfixed']);
    expect(without?.pass.hasHistory).toBe(false);
    expect(without?.summary.wrong).toBe(0);
    expect(without?.summary.correct).toBeLessThan(withHistory?.summary.correct ?? 0);
    expect(printed).toContain('WITH history: each fault is a commit on top');
    expect(printed).toContain('WITHOUT history');
  });
});
