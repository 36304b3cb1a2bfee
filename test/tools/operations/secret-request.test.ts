import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/core/config/index.ts';
import { openSecretDesk, submitForm } from '../../support/secret-desk.ts';
import { openSecuredApp } from '../../support/secured-app.ts';
import type { SecuredApp } from '../../support/secured-app.ts';
import { httpTransport } from '../../support/surface-client.ts';

const SECRET = 'never-to-be-seen-7f3a91';
const BOTH = ['modern', 'legacy'] as const;
const URL_ONLY = { elicitation: { url: {} } };

interface Asked {
  readonly url: string;
  /** Of the protocol before 2026-07-28. */
  readonly elicitationId: string | undefined;
  readonly message: string;
}

/** Answers each question of the server by what the person does with the page. */
function answering(client: Client, person: (asked: Asked) => Promise<'accept' | 'decline' | 'cancel'>): Asked[] {
  const seen: Asked[] = [];
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    if (params.mode !== 'url') throw new Error(`A form was asked for: ${JSON.stringify(params)}`);
    const { url, message, elicitationId } = params;
    const asked = { url, message, elicitationId };
    seen.push(asked);
    return { action: await person(asked) };
  });
  return seen;
}

const request = (client: Client, key = 'github.token') =>
  client.callTool({ name: 'secret_request', arguments: { key } });

const textOf = ({ content }: Awaited<ReturnType<typeof request>>): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');

describe('secret_request', () => {
  let app: SecuredApp;
  const file = (): string => join(app.dataDir, 'secrets.json');

  beforeAll(async () => {
    app = await openSecuredApp();
  });
  afterEach(() => rmSync(file(), { force: true }));
  afterAll(() => app.close());

  it.each(BOTH)('has a person enter it on a page; nothing of it comes through the client (%s)', async (era) => {
    const client = await app.connect(era, { capabilities: URL_ONLY });
    const asked = answering(client, async ({ url }) => {
      expect((await submitForm(url, SECRET)).status).toBe(200);
      return 'accept';
    });
    const answer = await request(client);
    expect(answer.structuredContent).toEqual({
      key: 'github.token',
      status: 'stored',
      takesEffect: 'at the next start',
    });
    expect(textOf(answer)).toBe('github.token is stored; it is used at the next start');
    expect(asked).toHaveLength(1);
    expect(new URL(asked[0]?.url ?? '').origin).toBe(new URL(app.url).origin);
    expect(typeof asked[0]?.elicitationId).toBe(era === 'legacy' ? 'string' : 'undefined');
    expect(asked[0]?.message).toContain('LightDom asks for github.token. Token for the GitHub API');
    expect(loadConfig({ flags: { dataDir: app.dataDir }, env: {} }).config.github.token).toBe(SECRET);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const ticket = asked[0]?.url.split('/').at(-1) ?? 'no ticket';
    const records = readFileSync(join(app.dataDir, 'audit.jsonl'), 'utf8');
    expect(records).toContain('"request":"secret page: github.token"');
    for (const text of [JSON.stringify(answer), records, readFileSync(app.logFile, 'utf8')]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(ticket);
    }
    expect((await submitForm(asked[0]?.url ?? '', 'again')).status).toBe(404);
  });

  it.each(BOTH)('stores nothing and closes the page when the person declines (%s)', async (era) => {
    for (const action of ['decline', 'cancel'] as const) {
      const client = await app.connect(era, { capabilities: URL_ONLY });
      const asked = answering(client, () => Promise.resolve(action));
      const answer = await request(client);
      expect(answer.isError).toBe(true);
      expect(textOf(answer)).toBe(
        'The person does not want to enter github.token; nothing was stored. Go on without it, or ask them why.',
      );
      expect((await submitForm(asked[0]?.url ?? '', SECRET)).status).toBe(404);
      expect(loadConfig({ flags: { dataDir: app.dataDir }, env: {} }).config.github.token).toBeUndefined();
    }
  });

  it.each(BOTH)('gives the command to clients that can open no page, forms or not (%s)', async (era) => {
    for (const capabilities of [{}, { elicitation: {} }]) {
      const answer = await request(await app.connect(era, { capabilities }), 'ai.deepseek.apiKey');
      expect(answer.structuredContent).toEqual({
        key: 'ai.deepseek.apiKey',
        status: 'by_command',
        command: 'lightdom secret set ai.deepseek.apiKey',
        takesEffect: 'at the next start',
      });
    }
  });

  it('names the secrets there are', async () => {
    const answer = await request(await app.connect('modern'), 'http.port');
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toContain(
      '"database.password", "ai.deepseek.apiKey", "ai.openai.apiKey", "ai.compatible.apiKey", "github.token"',
    );
  });

  it.each(BOTH)('gives neither page nor command to a caller from elsewhere, whatever its scopes (%s)', async (era) => {
    for (const capabilities of [{}, URL_ONLY]) {
      const client = await app.connect(era, { capabilities, subject: 'root', scope: 'lightdom:admin' });
      const asked = capabilities === URL_ONLY ? answering(client, () => Promise.resolve('accept')) : [];
      const answer = await request(client);
      expect(answer.isError).toBe(true);
      expect(textOf(answer)).toBe(
        'github.token can be set from the machine of the server alone. Ask its operator to run `lightdom secret set github.token` there.',
      );
      expect(asked).toEqual([]);
    }
    expect(readFileSync(join(app.dataDir, 'audit.jsonl'), 'utf8')).toContain('"deniedBy":"principal"');
  });

  it.each(BOTH)('is refused without the scope admin (%s)', async (era) => {
    const client = await app.connect(era, { subject: 'eve', scope: 'lightdom:write lightdom:run' });
    await expect(request(client)).rejects.toThrow(/403|Forbidden|scope|authoriz/i);
  });
});

describe.each(BOTH)('secret_request while the person takes their time (%s)', (era) => {
  it('goes on with the same page, and does not ask anew while that is open', async () => {
    const desk = await openSecretDesk({ waitMs: 1 });
    const mode = era === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
    const client = new Client(
      { name: 'test', version: '0' },
      { versionNegotiation: { mode }, capabilities: { elicitation: { url: {} } } },
    );
    await client.connect(httpTransport(new URL(`${desk.url}/mcp`)));
    const asked = answering(client, () => Promise.resolve('accept'));
    const waiting = await request(client);
    expect(waiting.structuredContent).toEqual({
      key: 'github.token',
      status: 'waiting',
      command: 'lightdom secret set github.token',
      takesEffect: 'at the next start',
    });
    expect(textOf(waiting)).toContain('\nnext: secret_request {"key":"github.token"}');
    // Nobody has seen it yet: perhaps it did not open.
    await request(client);
    expect(asked).toHaveLength(2);
    const url = asked[0]?.url ?? '';
    expect(asked[1]?.url).toBe(url);
    await fetch(url);
    expect((await request(client)).structuredContent).toMatchObject({ status: 'waiting' });
    expect(asked).toHaveLength(2);
    await submitForm(url, SECRET);
    expect((await request(client)).structuredContent).toMatchObject({ status: 'stored' });
    expect(asked).toHaveLength(2);
    expect(desk.reload().config.github.token).toBe(SECRET);
    await client.close();
    await desk.close();
  });
});
