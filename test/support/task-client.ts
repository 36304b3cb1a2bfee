import { setTimeout as delay } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';

const TASKS = 'io.modelcontextprotocol/tasks';
const POLL_MS = 25;

const taskSchema = z.looseObject({ taskId: z.string(), status: z.string() });
export type SeenTask = z.infer<typeof taskSchema>;
const ackSchema = z.looseObject({ _meta: z.unknown().optional() }).transform(({ _meta: _info, ...rest }) => rest);

/** A client of the 2026-07-28 protocol that declares the tasks extension, or does not. */
export interface TaskClient {
  readonly client: Client;
  /** Calls a tool; the answer is a task when the client knows tasks. */
  create(tool: string, args: Record<string, unknown>): Promise<SeenTask>;
  get(taskId: string): Promise<SeenTask>;
  update(taskId: string, inputResponses: Record<string, unknown>): Promise<Record<string, unknown>>;
  cancel(taskId: string): Promise<Record<string, unknown>>;
  /** The task once it has one of these states. */
  until(taskId: string, ...statuses: readonly string[]): Promise<SeenTask>;
  close(): Promise<void>;
}

export interface TaskClientOptions {
  readonly url: string;
  readonly token: string;
  /** Declares no extension. */
  readonly isPlain?: boolean;
}

export async function openTaskClient({ url, token, isPlain = false }: TaskClientOptions): Promise<TaskClient> {
  const capabilities = { elicitation: {}, ...(isPlain ? {} : { extensions: { [TASKS]: {} } }) };
  const versionNegotiation = { mode: { pin: '2026-07-28' } };
  const client = new Client({ name: 'task-test', version: '0' }, { capabilities, versionNegotiation });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit, fetch: fetchTasks }));
  const get = (taskId: string): Promise<SeenTask> =>
    client.request({ method: 'tasks/get', params: { taskId } }, taskSchema);
  return {
    client,
    create: (name, args) => client.request({ method: 'tools/call', params: { name, arguments: args } }, taskSchema),
    get,
    update: (taskId, inputResponses) =>
      client.request({ method: 'tasks/update', params: { taskId, inputResponses } }, ackSchema),
    cancel: (taskId) => client.request({ method: 'tasks/cancel', params: { taskId } }, ackSchema),
    async until(taskId, ...statuses) {
      for (;;) {
        const task = await get(taskId);
        if (statuses.includes(task.status)) return task;
        await delay(POLL_MS);
      }
    },
    close: () => client.close(),
  };
}

/** The library refuses results of kinds that it does not know, and it does not know tasks yet. */
async function fetchTasks(input: string | URL, init?: RequestInit): Promise<Response> {
  const answer = await fetch(input, init);
  if (new Headers(init?.headers).get('mcp-method') !== 'tools/call') return answer;
  const text = (await answer.text()).replace('"resultType":"task"', '"resultType":"complete","kind":"task"');
  return new Response(text, { status: answer.status, headers: answer.headers });
}
