import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { graphTools } from '../../src/agent/model/graph-tools.ts';
import { runToolCall } from '../../src/core/llm/loop-tool.ts';
import type { MockScriptInput } from '../../src/core/llm/mock/mock-script.ts';
import { openAppClient } from '../support/app-client.ts';
import type { AppClient } from '../support/app-client.ts';
import { createHealWorkspace } from '../support/heal-workspace.ts';
import type { HealWorkspace } from '../support/heal-workspace.ts';

const startedSchema = z.object({ run: z.object({ runId: z.string() }) });
const resultSchema = z.object({
  tried: z.array(z.object({ path: z.string(), outcome: z.string(), fixer: z.string().optional(), tokens: z.number() })),
});
const tasksSchema = z.object({
  tasks: z.array(z.object({ taskId: z.string(), path: z.string(), state: z.string() })),
});
const half = '/** @param {number} size */\nexport const half = (size) => size / 2;\nhalf("4");\n';
const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, checkJs: true, types: [] };

/** It asks the graph, mends the first file, and takes nearly all of the budget; asked again it would have no answer. */
const BUDGET_TOKENS = 90_000;
const SCRIPT: MockScriptInput = {
  price: { sent: 0, answered: 0 },
  steps: [
    {
      toolCalls: [
        { name: 'find_symbols', args: { query: 'half' } },
        { name: 'trace_symbol', args: { symbol: 'src/a.js#half', direction: 'references' } },
      ],
      usage: { sent: 1_000, answered: 0 },
    },
    {
      toolCalls: [
        {
          name: 'submit_edits',
          args: {
            title: 'Hand over a number',
            explanation: 'The text holds one.',
            blocks: [{ path: 'src/a.js', search: 'half("4");', replace: 'half(4);' }],
          },
        },
      ],
      usage: { sent: 88_000, answered: 500 },
    },
  ],
};

describe('agent_heal with a model', { timeout: 120_000 }, () => {
  let workspace: HealWorkspace;
  let app: AppClient;

  beforeAll(async () => {
    workspace = createHealWorkspace({
      '.gitignore': 'node_modules\nscript.json\n',
      'package.json': '{ "name": "halves", "type": "module", "private": true }',
      'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
      'src/a.js': half,
      'src/b.js': half,
    });
    const script = join(workspace.root, 'script.json');
    writeFileSync(script, JSON.stringify(SCRIPT));
    app = await openAppClient({
      workspace: workspace.root,
      config: {
        ai: { provider: 'mock', mock: { script } },
        services: { agent: { budgets: { tokens: BUDGET_TOKENS } } },
      },
    });
  });

  afterAll(async () => {
    await app.close();
    workspace.remove();
  });

  it('verifies what it hands in, and asks no more than the budget of the run allows', async () => {
    const { run } = startedSchema.parse((await app.call('agent_heal', { sources: ['typescript'] })).structured);
    const { result } = await app.services.runs.waitFor(run.runId);
    const { tried } = resultSchema.parse(result);
    expect(tried).toEqual([{ path: 'src/a.js', outcome: 'verified', fixer: 'mock/mock', tokens: 89_500 }]);
    const log = await app.call('run_log', { runId: run.runId });
    expect(log.text).toContain('No further task is tried: 500 tokens are left of the budget of the run.');
  });

  it('keeps what was said with the attempt', async () => {
    const { tasks } = tasksSchema.parse((await app.call('agent_tasks', {})).structured);
    const taskId = tasks.find(({ path, state }) => path === 'src/a.js' && state === 'verified')?.taskId;
    const task = await app.call('agent_task', { taskId });
    expect(task.text).toContain('attempt 1 by model mock/mock: verified, Hand over a number');
    expect(task.text).toContain('what was said: agent_transcript, attempt 1');
    const said = await app.call('agent_transcript', { taskId });
    expect(said.structured).toMatchObject({
      attempt: 1,
      model: 'mock/mock',
      outcome: 'verified',
      total: 7,
      messages: [
        { role: 'system' },
        { role: 'user' },
        { role: 'assistant', calls: [{ name: 'find_symbols' }, { name: 'trace_symbol' }] },
        { role: 'tool' },
        { role: 'tool' },
        { role: 'assistant', calls: [{ name: 'submit_edits' }] },
        { role: 'tool' },
      ],
    });
    expect(said.text).toContain('→ find_symbols {"query":"half"}');
    expect(said.text).toContain('half src/a.js:2');
  });

  it('answers from the graph of the workspace, as data, and says what is no symbol', async () => {
    const tools = graphTools(app.services.graph, workspace.root);
    const ask = (name: string, args: Record<string, unknown>) =>
      runToolCall(
        { callId: name, name, arguments: JSON.stringify(args) },
        { tools, signal: new AbortController().signal },
      );
    const found = await ask('find_symbols', { query: 'half' });
    expect(found.kind).toBe('answered');
    expect(found.text).toMatch(/^Symbols:\n<data [0-9a-f]{16}>\n/);
    expect(found.text).toContain('half src/a.js:2');
    const users = await ask('trace_symbol', { symbol: 'src/b.js#half', direction: 'references' });
    expect(users.text).toMatch(/references of \w+ half src\/b\.js:2[^]*src\/b\.js/);
    expect((await ask('trace_symbol', { symbol: 'nothing', direction: 'callers' })).text).toContain(
      'No symbol has this',
    );
    expect((await ask('trace_symbol', { symbol: 'half', direction: 'up' })).kind).toBe('malformed');
  });
});
