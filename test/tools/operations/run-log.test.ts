import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const linesSchema = z.object({
  status: z.string(),
  lines: z.array(z.object({ sequence: z.number(), message: z.string() })),
});

describe('run_log', () => {
  let app: AppClient;
  let runId = '';

  beforeAll(async () => {
    app = await openAppClient();
    runId = (await app.services.runs.list({ limit: 1 })).runs[0]?.runId ?? '';
  });

  afterAll(() => app.close());

  it('returns the last lines, and reads on after a sequence', async () => {
    const answer = await app.call('run_log', { runId });
    expect(answer.text).toMatch(/^\S+Z info started on /);
    const { status, lines } = linesSchema.parse(answer.structured);
    expect(status).toBe('completed');
    expect(lines.at(-1)?.message).toBe('completed');
    const after = lines[0]?.sequence ?? 0;
    const rest = linesSchema.parse((await app.call('run_log', { runId, after })).structured);
    expect(rest.lines).toEqual(lines.slice(1));
    const none = await app.call('run_log', { runId, after: lines.at(-1)?.sequence });
    expect(none).toMatchObject({ isError: false, text: 'no lines' });
    const last = linesSchema.parse((await app.call('run_log', { runId, limit: 1 })).structured);
    expect(last.lines).toEqual(lines.slice(-1));
  });

  it('names what exists for an unknown run, and bounds for a limit beyond them', async () => {
    const unknown = await app.call('run_log', { runId: 'nothing' });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('`nothing`');
    const many = await app.call('run_log', { runId, limit: 501 });
    expect(many.text).toContain('"limit" is 501, but must be at most 500');
  });
});
