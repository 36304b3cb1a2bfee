import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { openSecretDesk, submitForm } from '../../support/secret-desk.ts';
import type { SecretDeskServer } from '../../support/secret-desk.ts';
import { TOKEN } from '../../support/surface-client.ts';

const SECRET = 'ghp_of+the/page=&%00 ü';
const MINUTE_MS = 60_000;

describe('the page for a secret', () => {
  let desk: SecretDeskServer;
  let url: string;
  let nowMs = 0;

  beforeEach(async () => {
    desk = await openSecretDesk({ now: () => nowMs });
    url = openPage();
  });
  afterEach(() => desk.close());

  function openPage(client = { name: '<b>"Evil" & \'co\'</b>\u202e', version: '1' }): string {
    return desk.secrets.openPage('github.token', { principal: 'local', client })?.url ?? '';
  }
  const stored = (): string | undefined => desk.reload().config.github.token;

  it('names the key and who asks, as text, and takes the secret once', async () => {
    const shown = await rawRequest(url);
    expect(shown.status).toBe(200);
    expect(shown.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(shown.body).toContain('<code>github.token</code>');
    expect(shown.body).toContain('&lt;b&gt;&quot;Evil&quot; &amp; &#39;co&#39;&lt;/b&gt; 1 ');
    expect(shown.body).not.toContain('\u202e');
    expect(shown.body).toContain('<label for="value">');
    // Looking at it changes nothing, however often.
    expect((await rawRequest(url)).body).toBe(shown.body);
    const answer = await submitForm(url, SECRET);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('You can close this page.');
    expect(answer.body).toContain('at the next start');
    expect(answer.body).not.toContain('ghp_');
    expect(stored()).toBe(SECRET);
    expect((await submitForm(url, 'again')).status).toBe(404);
    expect(stored()).toBe(SECRET);
  });

  it('loads nothing, runs nothing, is framed by nobody and kept by nobody', async () => {
    const answers = [await rawRequest(url), await submitForm(url, 'x'), await rawRequest(url)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
    for (const { headers, body } of answers) {
      expect(headers).toMatchObject({
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(body).not.toMatch(/<script|<img|<link|\son\w+=|https?:\/\//);
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('is as if it never was for whoever has a foreign, used or expired ticket', async () => {
    await submitForm(url, 'x');
    const used = url;
    desk.secrets.declinePage(
      desk.secrets.openPage('github.token', { principal: 'local', client: undefined })?.id ?? '',
    );
    const declined = openPage();
    nowMs += 10 * MINUTE_MS;
    const urls = [
      used,
      declined,
      `${desk.url}/secrets/${'A'.repeat(43)}`,
      `${desk.url}/secrets/x`,
      `${desk.url}/secrets/%3Cb%3E`,
    ];
    for (const method of ['GET', 'POST']) {
      const answers = await Promise.all(
        urls.map((each) => (method === 'GET' ? rawRequest(each) : submitForm(each, 'y'))),
      );
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(404);
    }
    expect(stored()).toBe('x');
  });

  it.each([
    ['no word of where it comes from', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['another name of this machine', { origin: 'http://localhost:PORT' }],
    ['nowhere', { origin: 'null' }],
    ['a link elsewhere', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['an address bar', { 'sec-fetch-site': 'none' }],
    ['contradictions', { origin: 'OWN', 'sec-fetch-site': 'cross-site' }],
  ])('takes no form from %s', async (_where, headers) => {
    const { origin, port } = new URL(url);
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('OWN', origin).replace('PORT', port)]),
    );
    const body = 'value=forged';
    const own = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${TOKEN}` };
    for (const target of [url, `${desk.url}/secrets/x`]) {
      expect((await rawRequest(target, { method: 'POST', headers: { ...own, ...sent }, body })).status).toBe(403);
    }
    expect(stored()).toBeUndefined();
    expect((await submitForm(url, 'own')).status).toBe(200);
  });

  it('believes a browser that says so in the other way alone', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    expect((await rawRequest(url, { method: 'POST', headers, body: 'value=a' })).status).toBe(200);
    expect(stored()).toBe('a');
  });

  it.each([
    ['', 'is empty'],
    ['two\nlines', 'a line break'],
    ['x'.repeat(65_537), 'has 65537 bytes'],
  ])('shows what is wrong with an answer, and waits for a better one (%#)', async (value, why) => {
    const refused = await submitForm(url, value);
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('role="alert"');
    expect(refused.body).toContain(why);
    expect(value !== '' && refused.body.includes(value)).toBe(false);
    expect((await submitForm(url, 'better')).status).toBe(200);
    expect(stored()).toBe('better');
  });

  it('refuses a body that is too large or no form, and does not read it all', async () => {
    const huge = await submitForm(url, 'x'.repeat(200_000));
    expect(huge.status).toBe(413);
    expect(huge.body).toContain('at most 65536 bytes');
    const json = await submitForm(url, 'x', { 'content-type': 'application/json' });
    expect(json.status).toBe(415);
    expect(stored()).toBeUndefined();
    expect((await submitForm(url, 'ü'.repeat(32_768))).status).toBe(200);
  });

  it('keeps the ticket good when the secret can not be stored', async () => {
    const draft = join(desk.dataDir, 'secrets.json.draft');
    mkdirSync(draft);
    const busy = await submitForm(url, 'x');
    expect(busy.status).toBe(409);
    expect(busy.body).toContain('Another process is writing');
    rmSync(draft, { recursive: true });
    expect((await submitForm(url, 'x')).status).toBe(200);
  });

  it('stands behind the gates for Host and Origin, and nothing else is public beside it', async () => {
    for (const evil of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
      expect((await rawRequest(url, { headers: evil })).status).toBe(403);
      expect((await submitForm(url, 'x', evil)).status).toBe(403);
    }
    expect((await rawRequest(url, { method: 'DELETE' })).status).toBe(401);
    expect((await rawRequest(`${desk.url}/secrets`)).status).toBe(401);
    expect(existsSync(join(desk.dataDir, 'secrets.json'))).toBe(false);
    await submitForm(url, 'x');
    expect(readFileSync(join(desk.dataDir, 'secrets.json'), 'utf8')).toContain('"x"');
  });
});
