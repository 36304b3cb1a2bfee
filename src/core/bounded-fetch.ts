import type { z } from 'zod';
import { AppError, messageOf } from './errors.ts';

export interface FetchBounds {
  readonly maxBytes: number;
  /** Until the last byte. */
  readonly timeoutMs: number;
}

/**
 * The JSON document at an address that the operator has configured, or that follows from one. Redirects are not followed: they
 * would lead to a host that nobody has named. Throws `upstream_failed` for anything but 200, too much, too late, or of another form.
 */
export async function fetchJson<T>(url: URL, schema: z.ZodType<T>, bounds: FetchBounds): Promise<T> {
  const { maxBytes, timeoutMs } = bounds;
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new Error(`HTTP ${answer.status}`);
    }
    const parsed = schema.safeParse(JSON.parse(await boundedText(answer, maxBytes)));
    if (parsed.success) return parsed.data;
    throw new Error('a document of another form');
  } catch (error) {
    throw new AppError('upstream_failed', `${url.href} gave no usable answer: ${messageOf(error)}.`, { cause: error });
  }
}

/** Status and first bytes of an answer, whatever it is. Redirects are not followed. Throws when there is none. */
export async function answerOf(
  url: URL,
  bounds: Pick<FetchBounds, 'maxBytes'> & {
    readonly signal: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url, { redirect: 'manual', signal: bounds.signal, headers: { ...bounds.headers } });
  if (answer.body === null) return { status: answer.status, text: '' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(answer.body)) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= bounds.maxBytes) break;
  }
  return { status: answer.status, text: Buffer.concat(chunks).subarray(0, bounds.maxBytes).toString('utf8') };
}

/** Sends a JSON document to an address that the operator has configured; the answer is read and dropped. Throws when there is none. */
export async function postJson(
  url: URL,
  given: FetchBounds & { readonly body: unknown; readonly headers: Readonly<Record<string, string>> },
): Promise<{ readonly status: number }> {
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: { ...given.headers, 'content-type': 'application/json' },
    body: JSON.stringify(given.body),
    signal: AbortSignal.timeout(given.timeoutMs),
  });
  await boundedText(answer, given.maxBytes);
  return { status: answer.status };
}

async function boundedText({ body }: Response, maxBytes: number): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(body)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}
