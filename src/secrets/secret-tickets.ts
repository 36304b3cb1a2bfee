import { AppError } from '../core/errors.ts';
import { newId, newSecret } from '../core/ids.ts';

/** Leave to store one secret, once. */
export interface SecretTicket {
  /** Names it in the protocol; whoever knows it can do nothing with it. */
  readonly id: string;
  /** 256 random bits: whoever knows it may enter the secret. It is in the URL of the page and nowhere else. */
  readonly pass: string;
  readonly key: string;
  readonly principal: string;
  /** Who asked, by its own word. */
  readonly client: string;
  readonly expiresAtMs: number;
  /** The person has said that they open the page. */
  isAccepted: boolean;
  /** The page was shown. */
  isShown: boolean;
  /** The secret was stored: the ticket opens nothing any more, and waits for whoever asked. */
  isUsed: boolean;
}

export interface TicketLimits {
  readonly maxOpen: number;
  readonly ttlMs: number;
  /** Milliseconds on any clock that does not stand still. */
  readonly now: () => number;
}

/** Tickets in memory: with the process they are gone, and so is what they open. */
export class SecretTickets {
  readonly #limits: TicketLimits;
  readonly #byPass = new Map<string, SecretTicket>();

  constructor(limits: TicketLimits) {
    this.#limits = limits;
  }

  /** The ticket that this principal has for the key, else a new one. Throws `limit_reached` when too many are open. */
  open(key: string, principal: string, client: string): SecretTicket {
    this.#dropExpired();
    const tickets = [...this.#byPass.values()];
    const known = tickets.find((ticket) => ticket.key === key && ticket.principal === principal);
    if (known !== undefined) return known;
    const { maxOpen, ttlMs, now } = this.#limits;
    if (tickets.length >= maxOpen) {
      throw new AppError('limit_reached', `${maxOpen} secrets are being asked for already.`, {
        hint: 'Enter or decline one of them, or try again in some minutes.',
      });
    }
    const ticket: SecretTicket = {
      id: newId(),
      pass: newSecret(),
      key,
      principal,
      client,
      expiresAtMs: now() + ttlMs,
      isAccepted: false,
      isShown: false,
      isUsed: false,
    };
    this.#byPass.set(ticket.pass, ticket);
    return ticket;
  }

  /** Undefined for one that is unknown, used or expired: nobody can tell which. */
  findOpen(pass: string): SecretTicket | undefined {
    this.#dropExpired();
    const ticket = this.#byPass.get(pass);
    return ticket?.isUsed === false ? ticket : undefined;
  }

  /** Also one that is used, for whoever asked. */
  findById(id: string): SecretTicket | undefined {
    this.#dropExpired();
    return [...this.#byPass.values()].find((ticket) => ticket.id === id);
  }

  close({ pass }: SecretTicket): void {
    this.#byPass.delete(pass);
  }

  #dropExpired(): void {
    const now = this.#limits.now();
    for (const ticket of this.#byPass.values()) if (ticket.expiresAtMs <= now) this.close(ticket);
  }
}
