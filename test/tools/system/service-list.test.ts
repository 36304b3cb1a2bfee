import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BUILT_IN_SERVICES } from '../../../src/service-plan.ts';
import type { AppClient } from '../../support/app-client.ts';
import { openServiceClient } from '../../support/service-client.ts';

const listSchema = z.object({
  services: z.array(
    z.object({ name: z.string(), state: z.string(), availability: z.record(z.string(), z.number()).optional() }),
  ),
});

describe('service_list', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openServiceClient();
  });

  afterAll(() => app.close());

  it('shows the parts of the system and the services of the manifest, each in one line with its state and why', async () => {
    const { text, structured, isError } = await app.call('service_list');
    expect(isError).toBe(false);
    expect(text).toMatch(/^database ready \(Postgres \S+\) since=\S+Z: /m);
    expect(text).toMatch(/^talker ready since=\S+Z pid=\d+.*: \S/m);
    expect(text).toMatch(/^reader ready since=\S+Z pid=\d+.* needs=talker: /m);
    expect(text).toMatch(/^broken failed since=\S+Z: .*3/m);
    expect(text).toMatch(/^off disabled since=\S+Z: not needed here$/m);
    expect(listSchema.parse(structured).services).toHaveLength(text.split('\n').length);
  });

  it('has no parts of the system but those whose names a manifest may not use', () => {
    const own = app.services.supervisor.list().map(({ name }) => name);
    const ofManifest = new Set(['talker', 'reader', 'broken', 'off']);
    expect(BUILT_IN_SERVICES).toEqual(expect.arrayContaining(own.filter((name) => !ofManifest.has(name))));
  });

  it('finds one by its name, and those in a state', async () => {
    const one = listSchema.parse((await app.call('service_list', { name: 'talker' })).structured);
    expect(one.services.map(({ name }) => name)).toEqual(['talker']);
    const off = listSchema.parse((await app.call('service_list', { state: 'disabled' })).structured);
    expect(off.services.map(({ name }) => name)).toContain('off');
    const failed = listSchema.parse((await app.call('service_list', { state: 'failed' })).structured);
    expect(failed).toMatchObject({ services: [{ name: 'broken', state: 'failed' }] });
  });

  it('tells the share of time in which each was ready', async () => {
    const { structured, text } = await app.call('service_list', { availability: true });
    const { services } = listSchema.parse(structured);
    const shares = services.find(({ name }) => name === 'talker')?.availability;
    expect(Object.keys(shares ?? {})).toEqual(['hour', 'day', 'week']);
    for (const share of Object.values(shares ?? {})) expect(share).toBeGreaterThan(0);
    expect(services.find(({ name }) => name === 'off')?.availability).toEqual({});
    expect(text).toMatch(/^talker ready .* available-hour=\d+\.\d\d % available-day=/m);
    expect(text).toMatch(/^off disabled since=\S+: not needed here$/m);
  });

  it('names the services there are when there is none of a name', async () => {
    const answer = await app.call('service_list', { name: 'nobody' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('There is no service `nobody`');
    expect(answer.text).toContain('talker');
    const odd = await app.call('service_list', { state: 'gone' });
    expect(odd.text).toContain('No service is ever `gone`. States: stopped, ');
  });
});
