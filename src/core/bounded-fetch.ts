import { AppError, messageOf } from './errors.ts';

export interface FetchBounds {
  readonly maxBytes: number;
  /** Until the last byte. */
  readonly timeoutMs: number;
}

/**
 * The text at an address that the operator has configured, or that follows from one. Redirects are not followed: they
 * would lead to a host that nobody has named. Throws `upstream_failed` for anything but 200, too much or too late.
 */
export async function fetchText(url: URL, { maxBytes, timeoutMs }: FetchBounds): Promise<string> {
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status === 200) return await boundedText(answer, maxBytes);
    await answer.body?.cancel();
    throw new Error(`HTTP ${answer.status}`);
  } catch (error) {
    throw new AppError('upstream_failed', `${url.href} gave no usable answer: ${messageOf(error)}.`, { cause: error });
  }
}

async function boundedText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
