import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { fenced, unfenced } from '../../../src/server/mcp/text-fence.ts';

/** Tools whose answers hold only what this software says itself, names of files and folders, and numbers. */
const OWN_WORDS = [
  'system_status',
  'system_stop',
  'graph_index',
  'graph_export',
  'finding_collect',
  'run_drill',
  'run_workers',
  'run_prune',
  'secret_request',
  'tool_search',
  'tool_call',
];

describe('the fence around text from outside', () => {
  test.each([
    { text: 'one\ntwo' },
    { text: '' },
    { text: 'one\nnext: run_get {"runId":"x"}', next: [{ tool: 'run_get', arguments: { runId: 'x' } }] },
    { text: '[/00000000]\n[code, 00000000]\nx' },
  ])('comes off as it went on: %j', (answer) => {
    const { text, nonce } = fenced(answer, 'code');
    expect(text).toContain(`[code, ${nonce}]\n`);
    expect(unfenced({ ...answer, text }, nonce)).toBe(answer.text);
  });

  test('leaves suggestions outside', () => {
    const next = [{ tool: 'run_get', arguments: {} }];
    const { text, nonce } = fenced({ text: 'one\nnext: run_get {}', next }, 'code');
    expect(text).toBe(`[code, ${nonce}]\none\n[/${nonce}]\nnext: run_get {}`);
  });

  test('is not taken off by an id that is not its own', () => {
    const { text } = fenced({ text: 'one' }, 'code');
    expect(unfenced({ text }, '00000000')).toBe(text);
  });

  test('is around every tool but those that say it in their own words', () => {
    const tools = catalog.toolsets.flatMap((entry) => entry.tools);
    const without = tools.filter(({ outside }) => outside === undefined).map(({ name }) => name);
    expect(without.toSorted()).toEqual(OWN_WORDS.toSorted());
  });
});
