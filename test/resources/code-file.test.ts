import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient, SHOP } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';

describe('graph://file/{+path}', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  async function read(path: string): Promise<unknown> {
    const { contents } = await app.client.readResource({ uri: `graph://file/${path}` });
    const [content] = contents;
    return JSON.parse(content !== undefined && 'text' in content ? content.text : '');
  }

  it('reads the outline of a file: symbols, imports and importers', async () => {
    expect(await read('src/cart.ts')).toMatchObject({
      path: 'src/cart.ts',
      state: 'typed',
      isAsIndexed: true,
      symbolTotal: 7,
      symbols: [
        { kind: 'interface', name: 'Item', depth: 0, exported: true },
        { name: 'Item.name', depth: 1 },
        { name: 'Item.net', depth: 1 },
        { kind: 'class', name: 'Cart', line: 10, depth: 0 },
        { name: 'Cart.items' },
        { name: 'Cart.add' },
        { name: 'Cart.total', signature: 'total(): Cents' },
      ],
      imports: [{ path: 'src/price.ts', names: ['withTax', 'Cents'] }],
      importedBy: [{ path: 'src/checkout.ts', names: ['Item', 'Cart'] }],
    });
  });

  it('reads it of the workspace that the URI names, and of none that is not allowed', async () => {
    const query = (workspace: string) => `src/cart.ts?workspace=${encodeURIComponent(workspace)}`;
    expect(await read(query(SHOP))).toMatchObject({ path: 'src/cart.ts', symbolTotal: 7 });
    await expect(read(query('/nowhere'))).rejects.toThrow('/nowhere');
  });

  it('is completed by the beginning of a path, or else a part of it', async () => {
    const complete = async (value: string, known: Record<string, string> = {}) =>
      (
        await app.client.complete({
          ref: { type: 'ref/resource', uri: 'graph://file/{+path}{?workspace}' },
          argument: { name: 'path', value },
          context: { arguments: known },
        })
      ).completion;
    expect((await complete('SRC/c')).values).toEqual(['src/cart.ts', 'src/checkout.ts']);
    expect(await complete('price', { workspace: SHOP })).toEqual({
      values: ['src/price.ts'],
      total: 1,
      hasMore: false,
    });
    expect((await complete('nothing')).values).toEqual([]);
  });

  it('takes escaped paths for what they stand for', async () => {
    expect(await read('src%2Fcart.ts')).toMatchObject({ path: 'src/cart.ts' });
  });

  it.each(['src/basket.ts', '../shop/src/cart.ts', 'src/../src/cart.ts', '%2Fetc%2Fpasswd', 'package.json'])(
    'fails for %s, which the index does not hold',
    async (path) => {
      await expect(read(path)).rejects.toThrow('The index holds no file');
    },
  );

  it('names similar paths for one that is nearly right', async () => {
    await expect(read('lib/cart.ts')).rejects.toThrow('Similar: src/cart.ts');
  });
});
