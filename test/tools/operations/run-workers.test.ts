import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('run_workers', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ isIndexed: false });
  });

  afterAll(() => app.close());

  it('shows the processes that execute runs: here the one that is also the master', async () => {
    const answer = await app.call('run_workers');
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatch(/^\S+-0 pid \d+ executes runs, batches, local-\w+ since \S+Z, seen \d+\.\d s ago$/);
    expect(answer.structured).toMatchObject({
      workers: [{ executorId: app.services.runs.executorId(), pid: process.pid }],
    });
  });

  it('takes no fields', async () => {
    const answer = await app.call('run_workers', { all: true });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('"all" is not a field');
  });
});
