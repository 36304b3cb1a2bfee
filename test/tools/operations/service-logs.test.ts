import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppClient } from '../../support/app-client.ts';
import { openServiceClient } from '../../support/service-client.ts';

const linesSchema = z.object({
  lines: z.array(z.object({ at: z.string(), service: z.string(), stream: z.string(), line: z.string() })),
});

describe('service_logs', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openServiceClient();
  });

  afterAll(() => app.close());

  const linesOf = async (input: Record<string, unknown>) =>
    linesSchema.parse((await app.call('service_logs', input)).structured).lines;

  it('shows what a service wrote, and what the supervisor noted about it', async () => {
    const answer = await app.call('service_logs', { name: 'talker' });
    expect(answer.text).toMatch(/^\S+Z talker hello from talker$/m);
    expect(answer.text).toMatch(/^\S+Z talker supervisor: stopped → starting: /m);
    expect(await linesOf({ name: 'broken' })).toContainEqual(
      expect.objectContaining({ stream: 'stderr', line: 'no luck' }),
    );
  });

  it('shows those of all services in the order of their time', async () => {
    const lines = await linesOf({ tail: 1000 });
    const services = new Set(lines.map(({ service }) => service));
    for (const name of ['database', 'talker', 'reader', 'broken']) expect(services).toContain(name);
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted());
  });

  it('shows the last lines only, and those after a time', async () => {
    const all = await linesOf({ name: 'talker' });
    expect(await linesOf({ name: 'talker', tail: 1 })).toEqual(all.slice(-1));
    expect(await linesOf({ name: 'talker', since: all.at(-1)?.at })).toEqual([]);
    expect((await app.call('service_logs', { name: 'off' })).text).toBe('no lines');
  });

  it.each([
    [{ name: 'nobody' }, 'There is no service `nobody`'],
    [{ name: 'talker', tail: 1001 }, '"tail" is 1001'],
    [{ name: 'talker', since: 'yesterday' }, "`since` can't be yesterday"],
  ])('refuses %j', async (input, text) => {
    const answer = await app.call('service_logs', input);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(text);
  });
});
