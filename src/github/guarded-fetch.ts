import { AppError } from '../core/errors.ts';

export interface FetchGuard {
  /** The only origin that is talked to, and that the token is sent to. */
  readonly origin: string;
  readonly token: string;
  readonly maxBytes: number;
}

type GuardedFetch = (url: string, init: RequestInit) => Promise<Response>;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** These keep method and body; the others are for what is only read. */
const EXACT_REDIRECTS = new Set([307, 308]);
/** GitHub redirects once where a repository was renamed. */
const MAX_REDIRECTS = 3;

/**
 * `fetch` that adds the token itself, so that no other code has it in its hands, and errors of libraries can't show it. It is
 * taken out of bodies, those that are sent and those that come: a proxy may answer with the headers that it got.
 * Redirects within the origin are followed as GitHub asks for; one that leads out of it is refused with `permission_denied`,
 * as the token would go along. An answer of more than `maxBytes` is `limit_reached`.
 */
export function createGuardedFetch(guard: FetchGuard): GuardedFetch {
  return async (url, init) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${guard.token}`);
    const body = typeof init.body === 'string' ? { body: withoutToken(init.body, guard.token) } : {};
    let target = assertWithin(guard.origin, new URL(url));
    for (let redirects = 0; ; redirects += 1) {
      const answer = await fetch(target, { ...init, ...body, headers, redirect: 'manual' });
      if (!REDIRECTS.has(answer.status)) return boundedAnswer(answer, guard);
      await answer.body?.cancel();
      target = followed({ answer, target, guard, method: init.method ?? 'GET', redirects });
    }
  };
}

function followed(facts: {
  readonly answer: Response;
  readonly target: URL;
  readonly guard: FetchGuard;
  readonly method: string;
  readonly redirects: number;
}): URL {
  const { answer, target, guard, method, redirects } = facts;
  const location = answer.headers.get('location') ?? '';
  if (!URL.canParse(location, target.href)) throw notFollowed(target, 'to an address that is none');
  const next = assertWithin(guard.origin, new URL(location, target));
  if (redirects >= MAX_REDIRECTS) throw notFollowed(target, 'again and again');
  if (method !== 'GET' && !EXACT_REDIRECTS.has(answer.status)) throw notFollowed(target, 'what was to be written');
  return next;
}

function notFollowed(target: URL, how: string): AppError {
  return new AppError('upstream_failed', `${target.origin}${target.pathname} redirected ${how}.`);
}

function assertWithin(origin: string, url: URL): URL {
  if (url.origin === origin) return url;
  throw new AppError(
    'permission_denied',
    `The GitHub API at ${origin} led to another host, ${url.origin}; the token is not sent there.`,
    { hint: 'Set `github.apiUrl` to the API that you mean.' },
  );
}

/** The answer with its body in memory. */
async function boundedAnswer(answer: Response, { maxBytes, token }: FetchGuard): Promise<Response> {
  const { status, statusText, headers, body } = answer;
  if (body === null) return new Response(null, { status, statusText, headers });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(body)) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new AppError('limit_reached', `GitHub answered with more than ${maxBytes} bytes.`, {
        hint: 'Ask for less at a time.',
      });
    }
    chunks.push(chunk);
  }
  const text = withoutToken(Buffer.concat(chunks).toString('utf8'), token);
  return new Response(text, { status, statusText, headers });
}

function withoutToken(text: string, token: string): string {
  return text.replaceAll(token, '[Redacted]');
}

async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}
