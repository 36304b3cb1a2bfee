import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import type { Server } from '@modelcontextprotocol/server';
import { AppError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';

/** Clients rarely say goodbye; what was silent for this long is gone. A later request makes them initialize again. */
const IDLE_TTL_MS = 30 * 60_000;
const SWEEP_INTERVAL_MS = 60_000;
const MAX_SESSIONS = 100;

export interface SessionLimits {
  readonly maxSessions: number;
  readonly idleTtlMs: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  maxSessions: MAX_SESSIONS,
  idleTtlMs: IDLE_TTL_MS,
  now: () => performance.now(),
};

export interface LegacySessionsDeps {
  readonly build: () => Server;
  readonly log: Log;
  readonly limits: SessionLimits;
}

interface Session {
  /** Who opened it: to anybody else it does not exist. */
  readonly principal: string;
  readonly server: Server;
  readonly transport: NodeStreamableHTTPServerTransport;
  openExchanges: number;
  lastUsedAt: number;
}

/** The sessions of clients that open with `initialize` (protocol 2025-11-25 and before). One server a session. */
export class LegacySessions {
  readonly #deps: LegacySessionsDeps;
  readonly #sessions = new Map<string, Session>();
  readonly #sweeper: NodeJS.Timeout;
  #isClosed = false;

  constructor(deps: LegacySessionsDeps) {
    this.#deps = deps;
    this.#sweeper = setInterval(() => void this.#closeIdle(), SWEEP_INTERVAL_MS);
    this.#sweeper.unref();
  }

  /**
   * The session that a request belongs to, or a new one for `initialize`. Throws `not_found` for a session that is
   * over or somebody else's (the client then has to initialize again) and `limit_reached` when every session is at work.
   */
  async open(request: IncomingMessage, body: unknown, principal: string): Promise<Session> {
    if (this.#isClosed) throw new AppError('not_ready', 'The server is stopping.');
    await this.#closeIdle();
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') return this.#get(id, principal);
    if (isInitializeRequest(body)) return this.#create(principal);
    throw new AppError('invalid_input', 'The request belongs to no session: it has no Mcp-Session-Id header.', {
      hint: 'Open a session with `initialize`, or speak protocol 2026-07-28, which has none.',
    });
  }

  /** Lets the session answer one request. */
  async serve(session: Session, exchange: { request: IncomingMessage; response: ServerResponse; body: unknown }) {
    const { request, response, body } = exchange;
    session.openExchanges += 1;
    response.once('close', () => {
      session.openExchanges -= 1;
      session.lastUsedAt = this.#deps.limits.now();
    });
    await session.transport.handleRequest(request, response, body);
    // Refused, because of its headers for instance: no session came of it.
    if (session.transport.sessionId === undefined) await session.server.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    await Promise.all([...this.#sessions.values()].map((session) => session.server.close()));
  }

  #get(id: string, principal: string): Session {
    const session = this.#sessions.get(id);
    if (session?.principal === principal) return session;
    throw new AppError('not_found', 'This session is over or never was.', { hint: 'Send `initialize` again.' });
  }

  async #create(principal: string): Promise<Session> {
    await this.#makeRoom();
    const { build, limits } = this.#deps;
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: newId,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
    });
    const session: Session = { principal, server: build(), transport, openExchanges: 0, lastUsedAt: limits.now() };
    await session.server.connect(transport);
    session.server.onclose = () => void this.#sessions.delete(transport.sessionId ?? '');
    return session;
  }

  /** The longest silent session without a request or stream under way gives way to the new one. */
  async #makeRoom(): Promise<void> {
    const { maxSessions } = this.#deps.limits;
    if (this.#sessions.size < maxSessions) return;
    const [oldest] = [...this.#sessions.values()]
      .filter((session) => session.openExchanges === 0)
      .toSorted((one, other) => one.lastUsedAt - other.lastUsedAt);
    if (oldest === undefined) {
      throw new AppError('limit_reached', `All ${maxSessions} MCP sessions are in use.`, {
        hint: 'Close one (DELETE with its Mcp-Session-Id), or try again later.',
      });
    }
    this.#deps.log.info({ maxSessions }, 'the longest silent MCP session made room for a new one');
    await oldest.server.close();
  }

  async #closeIdle(): Promise<void> {
    const { idleTtlMs, now } = this.#deps.limits;
    const oldest = now() - idleTtlMs;
    const idle = [...this.#sessions.values()].filter(
      (session) => session.openExchanges === 0 && session.lastUsedAt < oldest,
    );
    await Promise.all(idle.map((session) => session.server.close()));
  }
}
