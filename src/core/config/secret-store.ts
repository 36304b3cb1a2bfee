import { AppError } from '../errors.ts';
import { badValue } from './config-problem.ts';
import { changeSecretFile, readSecretFile, secretFileOf } from './secret-file.ts';
import { getSecretKey, MAX_SECRET_BYTES } from './secret-keys.ts';

const CONTROL = /\p{Cc}/u;

/**
 * The secrets of a data folder: `secrets.json`, for its user alone (0600), replaced as a whole. A value goes in and never
 * comes out but as a layer of the configuration, at the next start.
 */
export class SecretStore {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = secretFileOf(dataDir);
  }

  /** Whether it holds the key, used or not. */
  has(path: string): boolean {
    return Object.hasOwn(readSecretFile(this.path), getSecretKey(path).path);
  }

  /** Throws `invalid_input` for a key that is no secret and for text that can't be one; never with the text. */
  set(path: string, value: string): void {
    checkSecret(path, value);
    changeSecretFile(this.path, (held) => ({ ...held, [path]: value }));
  }

  /** Throws `not_found` where there is none. */
  delete(path: string): void {
    if (!this.has(path)) {
      throw new AppError('not_found', `The secret store ${this.path} has no ${path}.`, {
        hint: '`lightdom secret list` says where each secret comes from.',
      });
    }
    changeSecretFile(this.path, ({ [path]: _gone, ...others }) => others);
  }
}

/** Throws `invalid_input` for a key that is no secret, and for text that can't be one. */
export function checkSecret(path: string, value: string): void {
  const key = getSecretKey(path);
  const bytes = Buffer.byteLength(value);
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `The value for ${path} ${why}; nothing was stored.`);
  };
  if (bytes === 0) refuse('is empty');
  if (bytes > MAX_SECRET_BYTES) refuse(`has ${bytes} bytes, more than ${MAX_SECRET_BYTES}`);
  if (CONTROL.test(value)) refuse('has a line break or another control character in it');
  if (!key.schema.safeParse(value).success) {
    throw new AppError('invalid_input', badValue(key, value, 'what was entered').text);
  }
}
