import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../../src/catalog.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { createLocalBackend, createMcpServer } from '../../../src/server/server-runtime.ts';
import type { Services } from '../../../src/services.ts';
import { buildRuns } from '../../runs/run-system.ts';
import type { RunSystem } from '../../runs/run-system.ts';
import { answerText } from '../../support/unquoted-answer.ts';
import { createProductDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { testSealer } from '../../support/test-sealer.ts';

const ADA = { action: 'accept', content: { name: 'Ada' } };

/** The product's tools over runs that ask: no kind of the product does. */
describe('run_answer', () => {
  let testDatabase: TestDatabase;
  let system: RunSystem;
  let client: Client;

  beforeAll(async () => {
    testDatabase = await createProductDatabase();
    system = buildRuns(testDatabase);
    await system.runs.open();
    const services = z.custom<Services>().parse({ runs: system.runs });
    const log = createSilentLog();
    const backend = createLocalBackend({ sealer: testSealer, catalog, log, services: () => Promise.resolve(services) });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await createMcpServer({ catalog, backend, info: { name: 'lightdom', version: '0' }, log }).connect(serverSide);
    client = new Client({ name: 'test', version: '0' });
    await client.connect(clientSide);
  });

  afterAll(async () => {
    await client?.close();
    await system?.runs.close();
    await testDatabase?.drop();
  });

  const ask = async (): Promise<string> => {
    const { runId } = await system.start(async (context) => {
      const who = { message: 'Who are you?', fields: z.object({ name: z.string(), born: z.int().optional() }) };
      return { ...(await context.ask({ who, pet: { ...who, message: 'Your pet?' } })) };
    });
    await system.until(runId, 'waiting_input');
    return runId;
  };

  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: args });
    return { text: answerText(result), isError: result.isError === true };
  };

  it('answers one question after the other, as run_get shows them', async () => {
    const runId = await ask();
    const shown = await call('run_get', { runId });
    expect(shown.text.split('\n')[0]).toBe(
      `${runId} test_code waiting_input "code of the test" asks ask-1-who="Who are you?" (name: string, born?: integer), ask-1-pet="Your pet?" (name: string, born?: integer)`,
    );
    const half = await call('run_answer', { runId, answers: { 'ask-1-who': ADA, other: ADA } });
    expect(half.text).toBe(
      `${runId} test_code waiting_input "code of the test" asks ask-1-pet="Your pet?" (name: string, born?: integer)`,
    );
    const whole = await call('run_answer', { runId, answers: { 'ask-1-pet': { action: 'decline' } } });
    expect(whole).toEqual({ isError: false, text: `${runId} test_code pending "code of the test"` });
    const ended = await system.runs.waitFor(runId);
    expect(ended.result).toEqual({ who: ADA, pet: { action: 'decline' } });
    const late = await call('run_answer', { runId, answers: { 'ask-1-pet': ADA } });
    expect(late.text).toContain('completed');
  });

  it('names what an answer may be, and an unknown run', async () => {
    const runId = await ask();
    const wrong = await call('run_answer', { runId, answers: { 'ask-1-who': { action: 'perhaps' } } });
    expect(wrong).toMatchObject({ isError: true });
    expect(wrong.text).toContain('"accept", "decline", "cancel"');
    const long = await call('run_answer', {
      runId,
      answers: { 'ask-1-who': { action: 'accept', content: { name: 'x'.repeat(20_000) } } },
    });
    expect(long.text).toContain('at most 20000 fit');
    const unknown = await call('run_answer', { runId: 'nothing', answers: {} });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.text).toContain('run_list');
    const refused = await call('run_control', { runId, action: 'approve' });
    expect(refused.text).toContain('is waiting for answers, so approve does not apply');
    expect(refused.text).toContain('Answer what it asks with run_answer.');
    await call('run_control', { runId, action: 'cancel' });
  });
});
