import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MasterSystemOrchestrator } from '../../src/index.ts';
import { SHOP } from '../support/app-client.ts';
import { createProductDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { TraceCollector } from '../support/trace-collector.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const answerSchema = z.object({ run: z.object({ runId: z.string() }) });

describe('the traces of a master', () => {
  let database: TestDatabase;
  let dataDir = '';
  let collector: TraceCollector;
  let master: MasterSystemOrchestrator | undefined;

  beforeEach(async () => {
    database = await createProductDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'lightdom-tracing-'));
    collector = new TraceCollector();
  });
  afterEach(async () => {
    await master?.stop();
    await collector.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('lead from the call of a client through its run, in another process, to each step', async () => {
    const endpoint = await collector.open();
    master = new MasterSystemOrchestrator({
      dataDir,
      workspace: SHOP,
      database: { url: database.url },
      http: { port: 0 },
      log: { level: 'silent' },
      tracing: { endpoint },
    });
    await master.start();
    const { supervisor, runs } = await master.services();
    const answer = await fetch(`${supervisor.get('api').about}/api/v1/tools/run_drill`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(join(dataDir, 'token'), 'utf8').trim()}`,
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      },
      body: JSON.stringify({ operations: 2_000, chunks: 2 }),
    });
    const { runId } = answerSchema.parse(await answer.json()).run;
    await runs.waitFor(runId);
    const named = (wanted: string) => collector.spans.filter(({ name }) => name.startsWith(wanted));
    await collector.until(() => named('run drill').length >= 3 && named('tools/call').length > 0);

    const [call] = named('tools/call run_drill');
    expect(call).toMatchObject({ traceId: TRACE, role: 'master', kind: 2, parentSpanId: '00f067aa0ba902b7' });
    const run = named('run drill').find(({ parentSpanId }) => parentSpanId === call?.spanId);
    expect(run).toMatchObject({ traceId: TRACE, role: 'worker', kind: 5 });
    const parts = named('run drill').filter(({ parentSpanId }) => parentSpanId === run?.spanId);
    expect(parts).toHaveLength(2);
    for (const part of parts) {
      const steps = named('step ').filter(({ parentSpanId }) => parentSpanId === part.spanId);
      expect(steps.length).toBeGreaterThan(0);
      expect(new Set(steps.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    }
    expect(collector.problems).toEqual([]);
  });
});
