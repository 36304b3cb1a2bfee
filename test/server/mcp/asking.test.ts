import { Client } from '@modelcontextprotocol/client';
import type { ClientCapabilities } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import { askForm, CapabilityNeeded, defineTool, InputNeeded, LOCAL_CALLER } from '../../../src/surface/index.ts';
import type { Catalog } from '../../../src/surface/index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { httpTransport, serveHttp, TOKEN } from '../../support/surface-client.ts';

/** Asks two forms, one after the other, the second about the answer to the first. */
const book = defineTool({
  name: 'book',
  title: 'Book',
  description: 'Books seats.',
  effect: 'write',
  idempotent: false,
  openWorld: false,
  input: z.object({ show: z.string().default('matinee') }),
  output: z.object({ said: z.string() }),
  summary: ({ said }) => said,
  async run({ show }, context) {
    if (!context.caller.can.form) throw new CapabilityNeeded('Booking needs forms.', { elicitation: {} });
    const fields = z.object({ seats: z.int().min(1).max(9).describe('How many.') });
    const seats = await askForm(context, { key: 'seats', message: `Seats for ${show}?`, fields });
    if (seats.action !== 'accept') return { said: `no seats: ${seats.action}` };
    const message = `Sure, ${seats.content.seats} seats?`;
    const sure = await askForm(context, { key: 'sure', message, fields: z.object({ sure: z.boolean() }) });
    return { said: sure.action === 'accept' && sure.content.sure ? `${seats.content.seats} booked` : 'not sure' };
  },
});

const CATALOG: Catalog = {
  toolsets: [{ toolset: { id: 't', title: 'T', description: 'T.', isDefault: true }, tools: [book] }],
  resources: [],
  prompts: [],
};

type Answers = Readonly<Record<string, { action: 'accept' | 'decline'; content?: Record<string, boolean | number> }>>;

const SEATS = { action: 'accept', content: { seats: 3 } } as const;
const SURE = { action: 'accept', content: { sure: true } } as const;

describe('asking the caller', () => {
  let server: HttpServer;
  let url: URL;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    server = await serveHttp({ catalog: CATALOG, log: createSilentLog() });
    url = new URL(`${server.url}/mcp`);
  });

  afterEach(() => server.close());

  async function connect(
    era: 'modern' | 'legacy',
    { answers = {}, capabilities = { elicitation: {} } }: { answers?: Answers; capabilities?: ClientCapabilities } = {},
  ) {
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode }, capabilities });
    if (capabilities.elicitation !== undefined) {
      client.setRequestHandler('elicitation/create', ({ params }) => {
        asked.push(params.message);
        const key = params.message.startsWith('Sure') ? 'sure' : 'seats';
        return answers[key] ?? { action: 'cancel' };
      });
    }
    await client.connect(httpTransport(url));
    return client;
  }

  const call = (client: Client) => client.callTool({ name: 'book', arguments: {} });

  test.each(['modern', 'legacy'] as const)('a %s client answers one form after the other', async (era) => {
    const client = await connect(era, { answers: { seats: SEATS, sure: SURE } });
    expect((await call(client)).structuredContent).toEqual({ said: '3 booked' });
    expect(asked).toEqual(['Seats for matinee?', 'Sure, 3 seats?']);
    await client.close();
  });

  test.each(['modern', 'legacy'] as const)(
    'nothing happens when the person behind a %s client declines',
    async (era) => {
      const client = await connect(era, { answers: { seats: { action: 'decline' } } });
      expect((await call(client)).structuredContent).toEqual({ said: 'no seats: decline' });
      await client.close();
    },
  );

  test.each(['modern', 'legacy'] as const)('a %s client without forms is told what it lacks', async (era) => {
    const client = await connect(era, { capabilities: {} });
    expect(await failureOf(call(client))).toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { elicitation: {} } },
    });
    await client.close();
  });

  describe('through another process', () => {
    const caller = { ...LOCAL_CALLER, can: { ...LOCAL_CALLER.can, form: true } };
    const base = { ...plainCall(new AbortController().signal), caller };

    async function ask(retry?: {
      responses: Record<string, unknown>;
      state: string | undefined;
    }): Promise<InputNeeded> {
      const backend = createRemoteBackend({ url: url.href, token: TOKEN, log: createSilentLog() });
      const failure = await failureOf(backend.callTool('book', {}, retry === undefined ? base : { ...base, retry }));
      if (failure instanceof InputNeeded) return failure;
      throw failure;
    }

    test('the questions come through, and the answers of earlier rounds stay', async () => {
      const first = await ask();
      expect(first.requests).toMatchObject({ seats: { method: 'elicitation/create' } });
      const second = await ask({ responses: { seats: SEATS }, state: first.state });
      expect(Object.keys(second.requests)).toEqual(['sure']);
      const backend = createRemoteBackend({ url: url.href, token: TOKEN, log: createSilentLog() });
      const retry = { responses: { sure: SURE }, state: second.state };
      expect(await backend.callTool('book', {}, { ...base, retry })).toMatchObject({ text: '3 booked' });
    });

    test('an answer that does not fit is asked for again', async () => {
      const again = await ask({ responses: { seats: { action: 'accept', content: { seats: 99 } } }, state: undefined });
      expect(Object.keys(again.requests)).toEqual(['seats']);
    });

    test('state counts for the call that it was given for, unchanged', async () => {
      const { state } = await ask();
      const backend = createRemoteBackend({ url: url.href, token: TOKEN, log: createSilentLog() });
      const responses = { seats: SEATS };
      const other = backend.callTool('book', { show: 'gala' }, { ...base, retry: { responses, state } });
      expect(await failureOf(other)).toMatchObject({ code: 'invalid_input', details: { fault: 'state' } });
      const tampered = backend.callTool('book', {}, { ...base, retry: { responses, state: `${state}x` } });
      expect(await failureOf(tampered)).toMatchObject({ code: 'invalid_input', details: { fault: 'state' } });
    });
  });
});
