import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { DEFAULT_ANSWER_TOKENS } from '../../src/server/mcp/bounded-answer.ts';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';
import { REPOSITORY } from '../support/master-process.ts';

/** Code with large classes and functions that everybody calls: answers that are too long would show. */
const WORKSPACE = join(REPOSITORY, 'src', 'graph');

const REPORTS = ['cycles', 'dead_code', 'unused_exports', 'hubs', 'complexity', 'clones', 'hotspots', 'co_change'];

const FORMATS = ['json', 'graphml', 'mermaid', 'dot'];

describe('answers of the tools at their defaults', () => {
  let app: AppClient;

  beforeAll(async () => {
    app = await openAppClient({ workspace: WORKSPACE });
  });

  afterAll(() => app.close());

  it.each<[string, Record<string, unknown>]>([
    ['system_status', {}],
    ['graph_search', { query: '*' }],
    ['graph_symbol', { symbol: 'GraphService', source: true }],
    ['graph_trace', { symbol: 'GraphService', direction: 'references' }],
    ['graph_trace', { symbol: 'GraphService', direction: 'impact' }],
    ['graph_trace', { symbol: 'GraphService', direction: 'impact', objects: true }],
    ...REPORTS.map((report): [string, Record<string, unknown>] => ['graph_report', { report }]),
    ['graph_context', { task: 'resolve types of a call' }],
    ['graph_diff', {}],
    ...FORMATS.map((format): [string, Record<string, unknown>] => ['graph_export', { format }]),
    ['graph_rename', { symbol: 'GraphService', newName: 'CodeGraph' }],
    ['note_query', {}],
    ['finding_list', {}],
    ['finding_recommend', {}],
    ['run_list', {}],
    ['run_workers', {}],
    ['tool_search', {}],
    ['tool_search', { detail: 'full' }],
  ])('%s %j is within what its reader can afford, uncut', async (name, args) => {
    const { text } = await app.call(name, args);
    expect(text).not.toContain('… cut: ');
    expect(countTokens(text)).toBeLessThanOrEqual(DEFAULT_ANSWER_TOKENS);
  });
});
