import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepository } from '../../git/git-repository.ts';
import type { GitRepository } from '../../git/git-repository.ts';
import { openAppClient, SHOP } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_diff', () => {
  let repository: GitRepository;
  let app: AppClient;

  beforeAll(async () => {
    repository = createRepository();
    cpSync(SHOP, repository.root, { recursive: true });
    repository.commit('shop');
    app = await openAppClient({ isFollowed: false, workspace: repository.root });
  });

  afterAll(async () => {
    await app.close();
    repository.remove();
  });

  it('says that nothing was changed', async () => {
    const answer = await app.call('graph_diff');
    expect(answer.isError).toBe(false);
    expect(answer.text).toContain('note: nothing was changed');
  });

  it('tells what a change of the working tree reaches', async () => {
    repository.write({
      'src/price.ts': `/** Money in cents. */
export type Cents = number;

/** Adds tax, rounded to whole cents. */
export function withTax(net: Cents, rate: number): Cents {
  return Math.floor(net * (1 + rate));
}
`,
      'src/fresh.test.ts': '',
      'README.md': 'A shop.\n',
    });
    const answer = await app.call('graph_diff', { depth: 2 });
    expect(answer.text.replace(/[0-9a-f]{10}/, 'HASH')).toMatchInlineSnapshot(`
      "change HASH → working tree: 3 files, 2 symbols, 2 affected, 1 test files to run
      files:
        modified src/price.ts - 2 symbols
        untracked README.md - not in the index
        untracked src/fresh.test.ts - not in the index
      changed symbols:
        removed function roundCents src/price.ts:9
        modified function withTax src/price.ts:5
      affected:
        method Cart.total src/cart.ts:17 ←1 calls@19 withTax
        function checkout src/checkout.ts:4 ←2 calls@7 Cart.total
      tests to run:
        src/fresh.test.ts ←0 was changed
      note: the index is older than the change: new symbols and new uses are not seen: src/price.ts
      note: source that the index does not hold: src/fresh.test.ts
      note: no source code: what they change is not followed: README.md
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
    expect(answer.structured).toMatchObject({ head: 'working tree', changedTotal: 2, total: 2 });
  });

  it('guides when a revision is unknown, and where there is no repository', async () => {
    const unknown = await app.call('graph_diff', { from: 'v9' });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('`v9` is no commit of this repository');
    const deep = await app.call('graph_diff', { depth: 11 });
    expect(deep.text).toContain('"depth" is 11, but must be at most 10');
  });
});
