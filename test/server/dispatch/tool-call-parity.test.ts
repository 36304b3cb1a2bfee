import { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { failureOf } from '../../support/failure-of.ts';
import { modernRequest } from '../../support/modern-request.ts';
import { createPolicyCatalog } from '../../support/policy-catalog.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { httpTransport, serveHttp } from '../../support/surface-client.ts';

const answerSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).default([]),
});

describe.each(['modern', 'legacy'] as const)('a call through tool_call, of a %s client', (era) => {
  const { catalog } = createPolicyCatalog();
  let server: HttpServer;
  let asked: string[] = [];
  const clients: Client[] = [];

  beforeEach(async () => {
    asked = [];
    server = await serveHttp({ catalog, log: createSilentLog() });
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.close();
  });

  async function connect(capabilities: object = { elicitation: {} }): Promise<Client> {
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode }, capabilities });
    if ('elicitation' in capabilities) {
      client.setRequestHandler('elicitation/create', ({ params }) => {
        asked.push(params.message);
        return { action: 'accept', content: { seats: 3 } };
      });
    }
    await client.connect(httpTransport(new URL(`${server.url}/mcp`)));
    clients.push(client);
    return client;
  }

  const direct = (client: Client, name: string, args: object = {}) => client.callTool({ name, arguments: { ...args } });
  const through = (client: Client, tool: string, args: object = {}) =>
    client.callTool({ name: 'tool_call', arguments: { tool, arguments: args } });

  test.each([
    ['text, structured content, attachments and what is next', 'picture', { size: 3 }],
    ['an error of the tool', 'refuse', {}],
    ['input that does not fit', 'picture', { size: 99, colour: 'red' }],
    ['missing input', 'picture', {}],
    ['a former name', 'peek', {}],
    ['a tool that is not listed', 'hidden_look', {}],
    ['a tool about tools', 'tool_search', { query: 'look' }],
  ])('answers as the tool does: %s', async (_title, tool, args) => {
    const client = await connect();
    expect(await through(client, tool, args)).toEqual(await direct(client, tool, args));
  });

  test('hands on all parts of an answer', async () => {
    expect(await through(await connect(), 'picture', { size: 3 })).toMatchObject({
      content: [
        { type: 'text', text: 'picture of 3\nnext: look {}' },
        { type: 'image', data: 'AAAA' },
      ],
      structuredContent: { said: 'picture of 3' },
      _meta: { 'lightdom/next': [{ tool: 'look', arguments: {} }] },
    });
  });

  test('says of an unknown tool what a call of it says', async () => {
    const client = await connect();
    const failure = String(await failureOf(direct(client, 'hidden_loook')));
    const answer = answerSchema.parse(await through(client, 'hidden_loook'));
    expect(answer).toMatchObject({ isError: true });
    expect(failure).toContain(answer.content[0]?.text);
    expect(answer.content[0]?.text).toContain('did you mean "hidden_look"?');
  });

  test('asks the person what the tool asks', async () => {
    const client = await connect();
    expect(await through(client, 'ask')).toMatchObject({ content: [{ text: '3 seats' }] });
    expect(asked).toEqual(['How many seats?']);
  });

  test('runs no other call of calls, and takes nothing that is not its own', async () => {
    const client = await connect();
    const nested = answerSchema.parse(await through(client, 'tool_call', { tool: 'look' }));
    expect(nested).toMatchObject({ isError: true });
    expect(nested.content[0]?.text).toContain('tool_call runs other tools, and not tool_call.');
    const odd = answerSchema.parse(await direct(client, 'tool_call', { name: 'look' }));
    expect(odd.content[0]?.text).toContain('Invalid input for tool_call: "tool" is missing');
  });

  test('becomes a task where the tool starts a run and the client follows tasks', async () => {
    expect(await through(await connect(), 'launch')).toMatchObject({ content: [{ text: 'launched' }] });
    const request = modernRequest('tools/call', {
      params: { name: 'tool_call', arguments: { tool: 'launch' } },
      name: 'tool_call',
      capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    });
    const { body } = await rawRequest(`${server.url}/mcp`, request);
    expect(JSON.parse(body)).toMatchObject({ result: { resultType: 'task', taskId: 'r1', status: 'working' } });
  });
});
