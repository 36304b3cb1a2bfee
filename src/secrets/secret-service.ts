import { LOCAL_PRINCIPAL } from '../core/access.ts';
import { describeSecret, getSecretKey, secretEffect, SecretStore } from '../core/config/index.ts';
import type { LoadedConfig } from '../core/config/index.ts';
import { AppError } from '../core/errors.ts';
import { TypedEvents } from '../core/events.ts';
import type { Log } from '../core/log.ts';
import { visibleText } from '../core/outside-text.ts';
import { SecretTickets } from './secret-tickets.ts';
import type { SecretTicket } from './secret-tickets.ts';

/** A caller has one a key: this is far above what a person can be asked at a time. */
const MAX_OPEN = 16;
/** Long enough to make a token at a service, and no longer. */
const TTL_MS = 10 * 60_000;
/** A call must answer within 18 s. */
const WAIT_MS = 12_000;
const MAX_CLIENT_CHARACTERS = 100;

export interface SecretServiceDeps {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  /** Base URL of the HTTP server that shows the pages; undefined while there is none. */
  readonly baseUrl: () => string | undefined;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  readonly maxOpen?: number;
  readonly waitMs?: number;
}

/** Who asks for a secret. */
export interface SecretAsker {
  readonly principal: string;
  readonly client: { readonly name: string; readonly version: string } | undefined;
}

/** A page that waits for a secret, as whoever asked for it sees it. */
export interface SecretPage {
  /** Names it in the protocol; it opens nothing. */
  readonly id: string;
  readonly url: string;
  readonly message: string;
  /** Whether a person has to be asked to open it: not when it is before them. */
  readonly isToOpen: boolean;
}

/** What a page says. */
export interface PageQuestion {
  readonly key: string;
  readonly description: string;
  /** By its own word. */
  readonly client: string;
  readonly principal: string;
  /** The file that it is stored in. */
  readonly path: string;
}

export type PageAnswer = PageQuestion & { readonly takesEffect: string };

/** Has secrets stored: asks for them on pages of this server, to which a ticket in the URL is the key. */
export class SecretService {
  readonly #deps: SecretServiceDeps;
  readonly #store: SecretStore;
  readonly #tickets: SecretTickets;
  readonly #events = new TypedEvents<{ used: [SecretTicket] }>();

  constructor(deps: SecretServiceDeps) {
    this.#deps = deps;
    this.#store = new SecretStore(deps.loaded.config.dataDir);
    this.#tickets = new SecretTickets({
      now: deps.now ?? Date.now,
      maxOpen: deps.maxOpen ?? MAX_OPEN,
      ttlMs: TTL_MS,
    });
  }

  /** What a person runs on this machine to store the secret without a page. */
  commandFor(key: string): string {
    return `lightdom secret set ${getSecretKey(key).path}`;
  }

  /** From when on a secret counts that is stored now: `at the next start`, or what keeps it from that. */
  effectOf(key: string): string {
    return secretEffect(this.#deps.loaded, key);
  }

  /** Throws `permission_denied` for a caller from elsewhere: the page and the command are for who sits at this machine. */
  requireLocal(key: string, { principal }: SecretAsker): void {
    if (principal === LOCAL_PRINCIPAL) return;
    throw new AppError('permission_denied', `${key} can be set from the machine of the server alone.`, {
      hint: `Ask its operator to run \`${this.commandFor(key)}\` there.`,
      details: { deniedBy: 'principal' },
    });
  }

  /**
   * The page on which the key is entered: the one that is open for this caller, else a new one; undefined while no page can
   * be shown. Throws `permission_denied` for a caller from elsewhere, `limit_reached` when too many are open.
   */
  openPage(key: string, asker: SecretAsker): SecretPage | undefined {
    this.requireLocal(key, asker);
    const base = this.#deps.baseUrl();
    if (base === undefined) return undefined;
    const ticket = this.#tickets.open(getSecretKey(key).path, asker.principal, nameOf(asker));
    return {
      id: ticket.id,
      url: `${reachable(base)}/secrets/${ticket.pass}`,
      message: `LightDom asks for ${key}. ${describeSecret(key)} Enter it on a page of this machine; no model and no client sees it.`,
      isToOpen: !ticket.isUsed && !(ticket.isAccepted && ticket.isShown),
    };
  }

  /** The person does not want to: the page is gone. */
  declinePage(id: string): void {
    const ticket = this.#tickets.findById(id);
    if (ticket !== undefined) this.#tickets.close(ticket);
  }

  /**
   * Waits until the secret was entered on a page that a person has agreed to open, at most 12 s. `stored` ends the page;
   * after `waiting` a further call goes on with it, or with a new one if it has expired. Throws the reason of an aborted signal.
   */
  async waitForPage(id: string, signal: AbortSignal): Promise<'stored' | 'waiting'> {
    signal.throwIfAborted();
    const ticket = this.#tickets.findById(id);
    if (ticket === undefined) return 'waiting';
    ticket.isAccepted = true;
    if (!ticket.isUsed) await this.#untilUsed(ticket, signal);
    if (!ticket.isUsed) return 'waiting';
    this.#tickets.close(ticket);
    return 'stored';
  }

  /** What the page of a ticket asks for; undefined for a ticket that is unknown, used or expired. Looking uses nothing up. */
  findQuestion(pass: string): PageQuestion | undefined {
    const ticket = this.#tickets.findOpen(pass);
    if (ticket === undefined) return undefined;
    ticket.isShown = true;
    return this.#questionOf(ticket);
  }

  /**
   * Stores what was entered and uses up the ticket; undefined for a ticket that is no good. Throws `invalid_input` for text
   * that can't be this secret and what the store throws; the ticket is then as good as before.
   */
  storeAnswer(pass: string, value: string): PageAnswer | undefined {
    const ticket = this.#tickets.findOpen(pass);
    if (ticket === undefined) return undefined;
    this.#store.set(ticket.key, value);
    ticket.isUsed = true;
    this.#deps.log.info({ key: ticket.key, client: ticket.client }, 'a secret was entered on its page');
    this.#events.emit('used', ticket);
    return { ...this.#questionOf(ticket), takesEffect: this.effectOf(ticket.key) };
  }

  #questionOf({ key, client, principal }: SecretTicket): PageQuestion {
    return { key, client, principal, description: describeSecret(key), path: this.#store.path };
  }

  async #untilUsed(ticket: SecretTicket, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = settling();
    const timer = setTimeout(resolve, this.#deps.waitMs ?? WAIT_MS);
    const stopListening = this.#events.on('used', (used) => {
      if (used === ticket) resolve();
    });
    signal.addEventListener('abort', resolve, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', resolve);
    }
    signal.throwIfAborted();
  }
}

function settling(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function nameOf({ client }: SecretAsker): string {
  if (client === undefined) return 'an unnamed client';
  return visibleText(`${client.name} ${client.version}`).slice(0, MAX_CLIENT_CHARACTERS);
}

/** A server on every address is reached by that of this machine. */
function reachable(base: string): string {
  const url = new URL(base);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.origin;
}
