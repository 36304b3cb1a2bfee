import process from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { MAX_SECRET_BYTES } from '../../core/config/index.ts';
import { AppError } from '../../core/errors.ts';

/**
 * A secret from whoever runs the command: from stdin up to its end, without the line break there; on a terminal one line,
 * which is not shown. Throws `invalid_input` for more than a secret can be, or for what is no text.
 */
export function readSecret(key: string, signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  return stdin.isTTY ? readLine(key, signal) : readAll(stdin, key);
}

async function readAll(input: AsyncIterable<unknown>, key: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MAX_SECRET_BYTES + 2) {
      throw new AppError('invalid_input', `What stdin has for ${key} is longer than ${MAX_SECRET_BYTES} bytes.`, {
        hint: 'It is to be the secret alone; nothing was stored.',
      });
    }
    chunks.push(chunk);
  }
  return textOf(Buffer.concat(chunks), key).replace(/\r?\n$/, '');
}

function textOf(bytes: Uint8Array, key: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('invalid_input', `What stdin has for ${key} is no UTF-8 text; nothing was stored.`, {
      cause: error,
    });
  }
}

/** Editing works as usual on a line that goes nowhere. */
async function readLine(key: string, signal: AbortSignal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, written) => written() });
  const line = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Not before the terminal itself has ceased to echo.
  process.stderr.write(`Value of ${key} (it is not shown): `);
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (): void => reject(new AppError('cancelled', `${key} was not entered; nothing was stored.`));
      line.once('line', resolve);
      line.once('SIGINT', stop);
      line.once('close', stop);
      signal.addEventListener('abort', stop, { once: true });
    });
  } finally {
    line.close();
    process.stderr.write('\n');
  }
}
