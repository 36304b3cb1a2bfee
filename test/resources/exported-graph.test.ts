import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('export://{name}', () => {
  let app: AppClient;
  let folder = '';

  beforeAll(async () => {
    app = await openAppClient();
    const answer = await app.call('graph_export', { format: 'scip' });
    folder = dirname(z.object({ file: z.string() }).parse(answer.structured).file);
    writeFileSync(join(folder, 'graph.json'), '{"of":"a test"}');
    writeFileSync(join(folder, '..', 'outside.json'), 'secret');
    symlinkSync(join(folder, '..', 'outside.json'), join(folder, 'link.json'));
    mkdirSync(join(folder, 'folder.json'));
    writeFileSync(join(folder, 'large.json'), '');
    truncateSync(join(folder, 'large.json'), 5 * 1024 * 1024);
  });

  afterAll(() => app.close());

  const read = (name: string) => app.client.readResource({ uri: `export://${name}` });

  it('reads text as text', async () => {
    expect((await read('graph.json')).contents).toEqual([
      { uri: 'export://graph.json', mimeType: 'application/json', text: '{"of":"a test"}' },
    ]);
  });

  it.each([
    'nothing.json',
    'link.json',
    'folder.json',
    '.written',
    '..%2Foutside.json',
    '%2Fetc%2Fpasswd',
    '..%2F..%2Ftoken',
    'graph.json%00.json',
    'graph.txt',
  ])('refuses %s, which is no plain file of the folder', async (name) => {
    await expect(read(name)).rejects.toThrow('There is no export named');
  });

  it('names the file of what is too large to be read so', async () => {
    await expect(read('large.json')).rejects.toThrow(join(folder, 'large.json'));
  });

  it('is completed by the names that are there', async () => {
    const ref = { type: 'ref/resource', uri: 'export://{name}' } as const;
    const { completion } = await app.client.complete({ ref, argument: { name: 'name', value: 'gr' } });
    expect(completion.values).toEqual(['graph.json']);
  });
});
