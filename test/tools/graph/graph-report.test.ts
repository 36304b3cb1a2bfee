import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAppClient } from '../../support/app-client.ts';
import type { AppClient } from '../../support/app-client.ts';

describe('graph_report', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient();
  });

  afterAll(() => app.close());

  it('finds dead code, with the reason and what it rests on', async () => {
    const answer = await app.call('graph_report', { report: 'dead_code' });
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatchInlineSnapshot(`
      "dead_code: 1
      ? file src/checkout.ts - no file imports it; no test, entry, script or config by its name
      note: no package.json names a source file as its entry, so that exports could be wanted outside: these are uncertain
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('finds no cycles where there are none', async () => {
    const answer = await app.call('graph_report', { report: 'cycles' });
    expect(answer.text).toMatchInlineSnapshot(`
      "cycles: 0
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('checks imports against rules', async () => {
    const rules = ['src/checkout.ts !> src/cart*'];
    const answer = await app.call('graph_report', { report: 'layers', rules });
    expect(answer.text).toMatchInlineSnapshot(`
      "layers: 2
      file src/checkout.ts - imports src/cart.ts at line 1; src/checkout.ts may not import src/cart*
      file src/checkout.ts - imports src/cart.ts at line 2 (types only); src/checkout.ts may not import src/cart*
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('ranks the most used symbols', async () => {
    const answer = await app.call('graph_report', { report: 'hubs', limit: 2 });
    expect(answer.text).toContain('hubs: ');
    expect(answer.structured['nextCursor']).toBeTypeOf('string');
  });

  it('measures functions in their texts', async () => {
    const answer = await app.call('graph_report', { report: 'complexity' });
    expect(answer.text).toMatchInlineSnapshot(`
      "complexity: 0
      note: of 7 functions, those above cognitive 15 (SonarSource) or cyclomatic 10 (McCabe)
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('looks for code that stands twice', async () => {
    const answer = await app.call('graph_report', { report: 'clones' });
    expect(answer.text).toMatchInlineSnapshot(`
      "clones: 0
      note: whole statements or members of 50 tokens and more
      coverage: 3 files typed (ts7), 0 by syntax, 0 names unresolved"
    `);
  });

  it('asks for the rules when there are none', async () => {
    const answer = await app.call('graph_report', { report: 'layers' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('!> src/server/**');
  });
});
