import { readFileSync } from 'node:fs';
import { dirname, basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

const writtenSchema = z.object({ file: z.string(), bytes: z.number(), edges: z.number() });

describe('graph_export', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('draws who imports whom', async () => {
    const answer = await app.call('graph_export', { format: 'mermaid' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "mermaid of files: 3 nodes, 2 edges, 145 bytes
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved
      flowchart LR
        subgraph g0["src"]
          n0["cart.ts"]
          n1["checkout.ts"]
          n2["price.ts"]
        end
        n0 -->|imports 4| n2
        n1 -->|imports 4| n0
      "
    `);
  });

  it('gives a small part as JSON in the answer', async () => {
    const answer = await app.call('graph_export', { format: 'json', path: 'src/price.ts' });
    const document: unknown = JSON.parse(z.string().parse(answer.structured['content']));
    expect(document).toMatchObject({ level: 'symbol', nodes: [{ kind: 'file' }, {}, {}, { name: 'roundCents' }] });
    expect(answer.structured['notes']).toEqual(['7 relations lead in or out of src/price.ts']);
  });

  it('writes what is not text into a file of the data folder, the same one each time', async () => {
    const answer = await app.call('graph_export', { format: 'scip' });
    const { file, bytes, edges } = writtenSchema.parse(answer.structured);
    expect(basename(dirname(file))).toBe('exports');
    expect(readFileSync(file)).toHaveLength(bytes);
    expect(edges).toBeGreaterThan(30);
    expect(answer.text).toContain(`file: ${file}`);
    const again = writtenSchema.parse((await app.call('graph_export', { format: 'scip' })).structured);
    expect(again.file).toBe(file);
  });

  it('links to a file that it wrote, which can be read as a resource', async () => {
    const answer = await app.client.callTool({ name: 'graph_export', arguments: { format: 'scip' } });
    const { file, bytes } = writtenSchema.parse(answer.structuredContent);
    const uri = `export://${basename(file)}`;
    const mimeType = 'application/x-protobuf';
    expect(answer.content[1]).toMatchObject({
      type: 'resource_link',
      uri,
      name: basename(file),
      mimeType,
      size: bytes,
    });
    const { contents } = await app.client.readResource({ uri });
    expect(contents).toEqual([{ uri, mimeType, blob: readFileSync(file).toString('base64') }]);
    const small = await app.client.callTool({ name: 'graph_export', arguments: { format: 'mermaid' } });
    expect(small.content).toHaveLength(1);
  });

  it('says what can not be asked for', async () => {
    const answer = await app.call('graph_export', { format: 'scip', level: 'file' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('SCIP knows symbols only');
    const none = await app.call('graph_export', { format: 'dot', path: 'lib' });
    expect(none.text).toContain('note: no file matches lib');
  });
});
