import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { runSchema } from '../../../src/runs/index.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import type { Services } from '../../../src/services.ts';
import { defineTool } from '../../../src/surface/index.ts';
import type { Catalog, TaskSupport } from '../../../src/surface/index.ts';
import { runAnswer } from '../../../tools/runs/run-answer.ts';
import { runControl } from '../../../tools/runs/run-control.ts';
import { runGet } from '../../../tools/runs/run-get.ts';
import { buildRuns, holding } from '../../runs/run-system.ts';
import type { Code, RunSystem } from '../../runs/run-system.ts';
import { failureOf } from '../../support/failure-of.ts';
import { serveHttp, TOKEN } from '../../support/surface-client.ts';
import { openTaskClient } from '../../support/task-client.ts';
import type { SeenTask, TaskClient } from '../../support/task-client.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { testSealer } from '../../support/test-sealer.ts';

/** Starts a run of the code of this name. */
function startingTool(name: string, task: TaskSupport) {
  return defineTool({
    name,
    title: name,
    description: 'Starts a run.',
    effect: 'write',
    idempotent: false,
    openWorld: false,
    task,
    input: z.object({ code: z.string() }),
    output: z.object({ run: runSchema }),
    run: async ({ code }, { services }) => ({ run: await services.runs.start('test_code', { code }) }),
  });
}

const CATALOG: Catalog = {
  toolsets: [
    {
      toolset: { id: 't', title: 'T', description: 'T.', isDefault: true },
      tools: [startingTool('job', 'optional'), startingTool('task_only', 'required'), runGet, runControl, runAnswer],
    },
  ],
  resources: [],
  prompts: [],
};

const WHO = { message: 'Who are you?', fields: z.object({ name: z.string().min(1) }) };
const SURE = { message: 'Sure?', fields: z.object({ sure: z.boolean() }) };
const ADA = { action: 'accept', content: { name: 'Ada' } };
const YES = { action: 'accept', content: { sure: true } };

let testDatabase: TestDatabase;
let system: RunSystem;
let server: HttpServer;
let tasks: TaskClient;
let plain: TaskClient;

beforeAll(async () => {
  testDatabase = await createProductDatabase();
  system = buildRuns(testDatabase);
  await system.runs.open();
  const services = z.custom<Services>().parse({ runs: system.runs });
  const log = createSilentLog();
  const shared = { sealer: testSealer, catalog: CATALOG, log };
  const backend = createLocalBackend({ ...shared, services: () => Promise.resolve(services) });
  server = await serveHttp({ catalog: CATALOG, log }, { backend });
  tasks = await openTaskClient({ url: server.url, token: TOKEN });
  plain = await openTaskClient({ url: server.url, token: TOKEN, isPlain: true });
});
afterAll(async () => {
  await tasks?.close();
  await plain?.close();
  await server?.close();
  await system?.runs.close();
  await testDatabase?.drop();
});

const start = (code: Code): Promise<SeenTask> => tasks.create('job', system.define(code));

async function asking(code: Code): Promise<SeenTask> {
  const { taskId } = await start(code);
  return tasks.until(taskId, 'input_required', 'completed', 'failed');
}

const both: Code = async (context) => ({ ...(await context.ask({ who: WHO, sure: SURE })) });

describe('a task', () => {
  test('is created by a tool that starts a run, is there at once, and ends with what the run has', async () => {
    expect(tasks.client.getServerCapabilities()?.extensions).toMatchObject({ 'io.modelcontextprotocol/tasks': {} });
    const created = await start(async () => ({ done: true }));
    expect(created).toMatchObject({ kind: 'task', ttlMs: null, pollIntervalMs: 500 });
    expect(created['run']).toBeUndefined();
    expect(['working', 'completed']).toContain((await tasks.get(created.taskId)).status);
    const completed = await tasks.until(created.taskId, 'completed');
    expect(completed).toMatchObject({
      taskId: created.taskId,
      result: { structuredContent: { run: { runId: created.taskId, result: { done: true } } } },
    });
    expect(completed).not.toHaveProperty('error');
    expect(completed).not.toHaveProperty('inputRequests');
  });

  test('that failed by itself is for the agent to read; one that failed by a fault of the server has failed', async () => {
    const refused = await start(() =>
      Promise.reject(new AppError('conflict', 'The shop is closed.', { hint: 'Wait.' })),
    );
    const completed = await tasks.until(refused.taskId, 'completed', 'failed');
    expect(completed).toMatchObject({
      status: 'completed',
      result: { isError: true, content: [{ type: 'text', text: 'The shop is closed. Wait.' }] },
    });
    expect(completed).not.toHaveProperty('error');
    const broken = await start(() => Promise.reject(new TypeError('secret detail')));
    const failed = await tasks.until(broken.taskId, 'completed', 'failed');
    expect(failed).toMatchObject({ status: 'failed', error: { code: -32_603 } });
    expect(failed).not.toHaveProperty('result');
    expect(JSON.stringify(failed)).not.toContain('secret detail');
  });

  test('can be cancelled, again and again, and is then no longer changed', async () => {
    const { taskId } = await start(holding());
    await tasks.until(taskId, 'working');
    expect(await tasks.cancel(taskId)).toEqual({});
    const cancelled = await tasks.get(taskId);
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    expect(await tasks.cancel(taskId)).toEqual({});
    expect(await tasks.update(taskId, { 'ask-1-who': ADA })).toEqual({});
    expect(await tasks.get(taskId)).toEqual(cancelled);
    const done = await tasks.until((await start(async () => ({}))).taskId, 'completed');
    expect(await tasks.cancel(done.taskId)).toEqual({});
    expect(await tasks.get(done.taskId)).toEqual(done);
  });
});

describe('a task that asks', () => {
  test('shows all open questions as forms, takes answers one by one, and goes on after the last', async () => {
    const { taskId, ...asked } = await asking(both);
    expect(asked).toMatchObject({
      status: 'input_required',
      inputRequests: {
        'ask-1-who': {
          method: 'elicitation/create',
          params: {
            mode: 'form',
            message: 'Who are you?',
            requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
          },
        },
        'ask-1-sure': { method: 'elicitation/create', params: { mode: 'form', message: 'Sure?' } },
      },
    });
    expect(asked).not.toHaveProperty('result');
    expect(await tasks.update(taskId, { 'ask-1-who': ADA, unknown: { ignored: true } })).toEqual({});
    const half = await tasks.get(taskId);
    expect(half.status).toBe('input_required');
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(half['inputRequests']))).toEqual(['ask-1-sure']);
    // What was answered stays as it is.
    expect(await tasks.update(taskId, { 'ask-1-who': { action: 'decline' } })).toEqual({});
    expect(await tasks.get(taskId)).toEqual(half);
    expect(await tasks.update(taskId, { 'ask-1-sure': YES })).toEqual({});
    const completed = await tasks.until(taskId, 'completed');
    expect(completed).toMatchObject({ result: { structuredContent: { run: { result: { who: ADA, sure: YES } } } } });
    expect(await tasks.update(taskId, { 'ask-1-sure': YES })).toEqual({});
  });

  test('asks again under another key for what does not fit', async () => {
    const { taskId } = await asking(both);
    await tasks.update(taskId, { 'ask-1-who': { action: 'accept', content: { name: '' } }, 'ask-1-sure': YES });
    const again = await tasks.until(taskId, 'input_required', 'completed');
    const path = ['inputRequests', 'ask-1-who-2', 'params', 'message'];
    expect(again).toHaveProperty(path, expect.stringContaining('The last answer did not fit: "name"'));
    await tasks.update(taskId, { 'ask-1-who-2': { action: 'decline' } });
    const { result } = await tasks.until(taskId, 'completed');
    expect(result).toMatchObject({ structuredContent: { run: { result: { who: { action: 'decline' } } } } });
  });

  test('for approval shows a form for it, and takes a decline for a no', async () => {
    const careful: Code = async (context) => {
      await context.approval('Deploy?');
      return { deployed: true };
    };
    const { taskId, inputRequests } = await asking(careful);
    const properties = { approve: { type: 'boolean' }, reason: { type: 'string', maxLength: 500 } };
    const requestedSchema = { type: 'object', properties, required: ['approve'] };
    expect(inputRequests).toMatchObject({
      'approval-1': { params: { mode: 'form', message: 'Deploy?', requestedSchema } },
    });
    await tasks.update(taskId, { 'approval-1': { action: 'cancel' } });
    expect((await tasks.get(taskId)).status).toBe('input_required');
    await tasks.update(taskId, { 'approval-1': { action: 'accept', content: { approve: true } } });
    expect(await tasks.until(taskId, 'completed')).toMatchObject({
      result: { structuredContent: { run: { result: { deployed: true } } } },
    });
    const other = await asking(careful);
    await tasks.update(other.taskId, { 'approval-1': { action: 'decline' } });
    expect((await tasks.until(other.taskId, 'completed'))['result']).toMatchObject({ isError: true });
  });

  test('says what is wrong with what is no answer to an open question', async () => {
    const { taskId } = await asking(both);
    const failing = tasks.update(taskId, { 'ask-1-who': { action: 'perhaps' } });
    const failure = await failureOf(failing);
    expect(failure).toMatchObject({ code: -32_602 });
    expect(failure).toHaveProperty('message', expect.stringContaining('action'));
    expect(await tasks.get(taskId)).toMatchObject({ status: 'input_required' });
    await tasks.cancel(taskId);
  });
});

describe('who asks', () => {
  test('for a task that does not exist is told so, whatever the request', async () => {
    const calls = [
      () => tasks.get('nothing'),
      () => tasks.cancel('nothing'),
      () => tasks.update('nothing', { a: ADA }),
    ];
    for (const call of calls) expect(await failureOf(call())).toMatchObject({ code: -32_602 });
  });

  test('without the extension gets runs, no tasks, and is told what to declare', async () => {
    const run = z.object({ run: runSchema });
    const answer = await plain.client.callTool({ name: 'job', arguments: system.define(async () => ({})) });
    const { runId } = run.parse(answer.structuredContent).run;
    expect(answer['taskId']).toBeUndefined();
    const required = { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } };
    const calls = [
      () => plain.get(runId),
      () => plain.cancel(runId),
      () => plain.update(runId, {}),
      () => plain.client.callTool({ name: 'task_only', arguments: system.define(async () => ({})) }),
    ];
    for (const call of calls) expect(await failureOf(call())).toMatchObject({ code: -32_021, data: required });
    // The same run as a task, for who knows tasks.
    expect((await tasks.until(runId, 'completed')).taskId).toBe(runId);
    expect(
      await tasks.create(
        'task_only',
        system.define(async () => ({})),
      ),
    ).toMatchObject({ kind: 'task' });
  });
});
