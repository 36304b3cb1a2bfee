import { Client } from '@modelcontextprotocol/client';
import type { ClientCapabilities } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../../../src/core/log.ts';
import { createSealer } from '../../../src/core/seal.ts';
import type { HttpServer } from '../../../src/server/http/http-server.ts';
import type { Approval } from '../../../src/core/approval.ts';
import { agreedCall } from '../../../src/server/mcp/agreed-call.ts';
import { createLocalBackend } from '../../../src/server/mcp/local-backend.ts';
import { createRemoteBackend } from '../../../src/server/mcp/remote-backend.ts';
import { sealedPlans } from '../../../src/server/mcp/sealed-plans.ts';
import { plainCall } from '../../../src/server/mcp/surface-backend.ts';
import { confirm, defineTool, planField, planIdField, renderPlan } from '../../../src/surface/index.ts';
import { httpTransport, serveHttp, TOKEN } from '../../support/surface-client.ts';
import { NO_SERVICES } from '../../support/test-catalog.ts';
import { testSealer } from '../../support/test-sealer.ts';

type Answer = { readonly action: 'accept' | 'decline' | 'cancel' };

describe.each(['modern', 'legacy'] as const)('what destroys, for a %s client', (era) => {
  let server: HttpServer;
  let open: (approval: Approval) => Promise<HttpServer>;
  let apples: number;
  let asked: string[];

  const eat = defineTool({
    name: 'eat',
    title: 'Eat',
    description: 'Eats all apples.',
    effect: 'destroy',
    idempotent: true,
    openWorld: false,
    input: z.object({ fast: z.boolean().default(false), planId: planIdField }),
    output: z.object({ left: z.number(), plan: planField }),
    summary: ({ left, plan }) => (plan === undefined ? `${left} left` : renderPlan('eat', plan)),
    async run({ planId }, context) {
      const plan = await confirm(context, { action: `Eat ${apples} apples`, planId });
      if (plan === undefined) apples = 0;
      return { left: apples, ...(plan === undefined ? {} : { plan }) };
    },
  });

  beforeEach(async () => {
    apples = 3;
    asked = [];
    const toolset = { id: 't', title: 'T', description: 'T.', isDefault: true };
    const catalog = { toolsets: [{ toolset, tools: [eat] }], resources: [], prompts: [] };
    const log = createSilentLog();
    const services = () => Promise.resolve(NO_SERVICES);
    open = (approval) =>
      serveHttp(
        { catalog, log },
        { backend: createLocalBackend({ sealer: testSealer, catalog, log, services, approval }) },
      );
    server = await open('asked');
  });

  afterEach(() => server.close());

  async function connect(answer?: (round: number) => Answer): Promise<Client> {
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const capabilities: ClientCapabilities = answer === undefined ? {} : { elicitation: {} };
    const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode }, capabilities });
    if (answer !== undefined) {
      client.setRequestHandler('elicitation/create', ({ params }) => {
        asked.push(params.message);
        return { content: {}, ...answer(asked.length) };
      });
    }
    await client.connect(httpTransport(new URL(`${server.url}/mcp`)));
    return client;
  }

  test('happens when the person agrees to a form', async () => {
    const client = await connect(() => ({ action: 'accept' }));
    expect((await client.callTool({ name: 'eat', arguments: {} })).structuredContent).toEqual({ left: 0 });
    expect(asked).toEqual(['Eat 3 apples?']);
    await client.close();
  });

  test.each(['decline', 'cancel'] as const)('does not happen on %s, and the agent is told so', async (action) => {
    const client = await connect(() => ({ action }));
    const answer = await client.callTool({ name: 'eat', arguments: {} });
    expect(refusalOf(answer)).toContain('Not agreed to: Eat 3 apples. Nothing was done.');
    expect(apples).toBe(3);
    await client.close();
  });

  test('is asked about anew when the facts change while the person thinks', async () => {
    const client = await connect((round) => {
      if (round === 1) apples = 5;
      return { action: 'accept' };
    });
    expect((await client.callTool({ name: 'eat', arguments: {} })).structuredContent).toEqual({ left: 0 });
    expect(asked).toEqual(['Eat 3 apples?', 'Eat 5 apples?']);
    await client.close();
  });

  test('takes two steps without forms', async () => {
    const client = await connect();
    const call = async (args: Record<string, unknown>) => client.callTool({ name: 'eat', arguments: args });
    const planned = await call({});
    const { plan } = z.object({ plan: z.object({ planId: z.string() }) }).parse(planned.structuredContent);
    expect(planned).toMatchObject({ structuredContent: { left: 3, plan: { action: 'Eat 3 apples' } } });
    expect(await call({ planId: `${plan.planId}x` })).toMatchObject({ isError: true });
    apples = 4;
    const stale = await call({ planId: plan.planId });
    expect(refusalOf(stale)).toContain('what would be done now: Eat 4 apples.');
    apples = 3;
    expect((await call({ planId: plan.planId })).structuredContent).toEqual({ left: 0 });
    await client.close();
  });

  test('takes a plan even from who can be asked, and then asks, where it is to be planned', async () => {
    await server.close();
    server = await open('planned');
    const client = await connect((round) => ({ action: round === 1 ? 'decline' : 'accept' }));
    const call = async (args: Record<string, unknown>) => client.callTool({ name: 'eat', arguments: args });
    const planned = await call({});
    const { plan } = z.object({ plan: z.object({ planId: z.string() }) }).parse(planned.structuredContent);
    expect(asked).toEqual([]);
    expect(refusalOf(await call({ planId: plan.planId }))).toContain('Not agreed to');
    expect((await call({ planId: plan.planId })).structuredContent).toEqual({ left: 0 });
    expect(asked).toEqual(['Eat 3 apples?', 'Eat 3 apples?']);
    await client.close();
  });

  test('takes nothing but the call where agreement is presumed, except that a plan must be one', async () => {
    await server.close();
    server = await open('presumed');
    const client = await connect(() => ({ action: 'decline' }));
    const call = async (args: Record<string, unknown>) => client.callTool({ name: 'eat', arguments: args });
    expect(await call({ planId: 'made-up' })).toMatchObject({ isError: true });
    expect((await call({})).structuredContent).toEqual({ left: 0 });
    expect(asked).toEqual([]);
    await client.close();
  });

  test('happens at once where the call itself is the agreement', async () => {
    const backend = createRemoteBackend({ url: `${server.url}/mcp`, token: TOKEN, log: createSilentLog() });
    const call = plainCall(new AbortController().signal);
    expect(await agreedCall(backend, { tool: 'eat', input: {}, call })).toMatchObject({ text: '0 left' });
  });
});

function refusalOf(answer: unknown): string {
  const schema = z.object({ isError: z.literal(true), content: z.tuple([z.object({ text: z.string() })]) });
  return schema.parse(answer).content[0].text;
}

describe('a plan', () => {
  const at = (now: number) => createSealer('a secret of the tests', () => now);
  const plansAt = (now: number, principal = 'ann', tool = 'eat') =>
    sealedPlans({ sealer: () => at(now), principal, subject: ['tool', tool] });
  const { planId } = plansAt(0).create('Eat 3 apples');

  test('stands for its action until it is too old', () => {
    expect(plansAt(29 * 60_000).isFor('Eat 3 apples', planId)).toBe(true);
    expect(plansAt(31 * 60_000).isFor('Eat 3 apples', planId)).toBe(false);
  });

  test('is of one caller, one tool and one action', () => {
    expect(plansAt(0, 'bob').isFor('Eat 3 apples', planId)).toBe(false);
    expect(plansAt(0, 'ann', 'drink').isFor('Eat 3 apples', planId)).toBe(false);
    expect(plansAt(0).isFor('Eat 4 apples', planId)).toBe(false);
  });
});
