import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretTickets } from '../../src/secrets/secret-tickets.ts';
import { refusalOf } from '../support/refusal-of.ts';
import { openSecretDesk } from '../support/secret-desk.ts';
import type { SecretDeskServer } from '../support/secret-desk.ts';

const LOCAL = { principal: 'local', client: { name: 'test', version: '1' } };
const MINUTE_MS = 60_000;

describe('the tickets of pages for secrets', () => {
  let nowMs = 0;
  const open = (maxOpen = 3): SecretTickets => new SecretTickets({ maxOpen, ttlMs: 10 * MINUTE_MS, now: () => nowMs });

  it('are one for each key and principal, of 256 random bits', () => {
    const tickets = open();
    const first = tickets.open('github.token', 'local', 'a');
    expect(tickets.open('github.token', 'local', 'b')).toBe(first);
    expect(tickets.open('github.token', 'other', 'a').pass).not.toBe(first.pass);
    expect(Buffer.from(first.pass, 'base64url')).toHaveLength(32);
    expect(first.id).not.toContain(first.pass);
  });

  it('are limited in number, and expired ones make room', () => {
    const tickets = open(2);
    tickets.open('github.token', 'a', '');
    const { pass } = tickets.open('github.token', 'b', '');
    expect(refusalOf(() => tickets.open('github.token', 'c', '')).code).toBe('limit_reached');
    nowMs += 10 * MINUTE_MS - 1;
    expect(tickets.findOpen(pass)).toBeDefined();
    nowMs += 1;
    expect(tickets.findOpen(pass)).toBeUndefined();
    tickets.open('github.token', 'c', '');
  });
});

describe('asking for a secret', () => {
  let desk: SecretDeskServer;
  let nowMs = 0;

  beforeEach(async () => {
    nowMs = 0;
    desk = await openSecretDesk({ now: () => nowMs, waitMs: 1 });
  });
  afterEach(() => desk.close());

  const page = () => {
    const opened = desk.secrets.openPage('github.token', LOCAL);
    if (opened === undefined) throw new Error('There is no page.');
    return { ...opened, pass: opened.url.split('/').at(-1) ?? '' };
  };
  const { signal } = new AbortController();

  it('goes on with the open page while it waits, and with a new one when it has expired', async () => {
    const first = page();
    expect(first.url).toBe(`${desk.url}/secrets/${first.pass}`);
    expect(await desk.secrets.waitForPage(first.id, signal)).toBe('waiting');
    expect(page()).toEqual(first);
    desk.secrets.findQuestion(first.pass);
    expect(page()).toEqual({ ...first, isToOpen: false });
    nowMs = 10 * MINUTE_MS;
    expect(desk.secrets.storeAnswer(first.pass, 'late')).toBeUndefined();
    expect(await desk.secrets.waitForPage(first.id, signal)).toBe('waiting');
    expect(page().pass).not.toBe(first.pass);
    expect(desk.reload().config.github.token).toBeUndefined();
  });

  it('hears of what was entered while nobody waited, once', async () => {
    const first = page();
    expect(desk.secrets.storeAnswer(first.pass, 'entered')?.takesEffect).toBe('at the next start');
    expect(page()).toEqual({ ...first, isToOpen: false });
    expect(await desk.secrets.waitForPage(first.id, signal)).toBe('stored');
    expect(page().id).not.toBe(first.id);
    expect(desk.reload().config.github.token).toBe('entered');
  });

  it('is told at once when it is entered, and stops waiting when the caller goes', async () => {
    const slow = await openSecretDesk({ waitMs: 60_000 });
    const opened = slow.secrets.openPage('github.token', LOCAL);
    const waiting = slow.secrets.waitForPage(opened?.id ?? '', signal);
    slow.secrets.storeAnswer(opened?.url.split('/').at(-1) ?? '', 'entered');
    expect(await waiting).toBe('stored');
    const again = slow.secrets.openPage('github.token', LOCAL);
    const controller = new AbortController();
    const stopped = slow.secrets.waitForPage(again?.id ?? '', controller.signal);
    controller.abort(new Error('gone'));
    await expect(stopped).rejects.toThrow('gone');
    await expect(slow.secrets.waitForPage(again?.id ?? '', controller.signal)).rejects.toThrow('gone');
    await slow.close();
  });

  it('says what keeps the secret from being used', async () => {
    const other = await openSecretDesk({ env: { GITHUB_TOKEN: 'of-the-env' } });
    expect(other.secrets.effectOf('github.token')).toBe('only once github.token no longer comes from env GITHUB_TOKEN');
    await other.close();
  });

  it('names the address of this machine when the server listens on all of them, and no page without a server', async () => {
    const wide = await openSecretDesk({ baseUrl: () => 'http://0.0.0.0:3001' });
    expect(wide.secrets.openPage('github.token', LOCAL)?.url).toMatch(
      /^http:\/\/127\.0\.0\.1:3001\/secrets\/[\w-]{43}$/,
    );
    await wide.close();
    const none = await openSecretDesk({ baseUrl: () => undefined });
    expect(none.secrets.openPage('github.token', LOCAL)).toBeUndefined();
    await none.close();
  });

  it('is for who sits at this machine alone', () => {
    const foreign = { ...LOCAL, principal: 'https://issuer.example|root' };
    expect(refusalOf(() => desk.secrets.openPage('github.token', foreign))).toMatchObject({
      code: 'permission_denied',
      hint: 'Ask its operator to run `lightdom secret set github.token` there.',
    });
  });
});
