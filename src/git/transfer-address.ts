import { isAbsolute } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { isSshAddress, shownAddress } from './remote-address.ts';

/** Where a transfer goes, and how it says who asks. */
export interface TransferAddress {
  /** Without credentials: it is seen by everybody on the machine, as an argument. */
  readonly url: string;
  /** Value of an `Authorization` header. */
  readonly authorization: string | undefined;
  /** What may be seen nowhere. */
  readonly secrets: readonly string[];
}

/** Any user name goes with a token at GitHub; GitLab and Gitea take it as well. */
const TOKEN_USER = 'x-access-token';

/**
 * Takes https, http (with credentials to this machine alone), ssh (without a token) and absolute paths. Credentials in the
 * address are taken out of it. Throws `invalid_input` for anything else that git would take, such as helpers it would run,
 * `unsupported` for a token over ssh.
 */
export function transferAddress(remoteUrl: string, token: string | undefined): TransferAddress {
  if (!isPlain(remoteUrl)) throw noAddress(remoteUrl);
  if (/^https?:\/\//i.test(remoteUrl)) return webAddress(remoteUrl, token);
  if (isSshAddress(remoteUrl)) {
    if (token === undefined) return { url: remoteUrl, authorization: undefined, secrets: [] };
    throw new AppError('unsupported', `A token can't be used over ssh, with ${shownAddress(remoteUrl)}.`, {
      hint: 'Use the https address of the repository, or give no token where a key of ssh is at hand.',
    });
  }
  if (!isAbsolute(remoteUrl)) throw noAddress(remoteUrl);
  return { url: remoteUrl, authorization: undefined, secrets: [] };
}

function isPlain(remoteUrl: string): boolean {
  return !/^-|\p{Cc}/u.test(remoteUrl);
}

function noAddress(remoteUrl: string): AppError {
  const shown = JSON.stringify(shownAddress(remoteUrl).slice(0, 200));
  return new AppError('invalid_input', `${shown} is no address of a repository that is talked to.`, {
    hint: 'Give one that starts with https://, an address of ssh, or an absolute path.',
  });
}

function webAddress(remoteUrl: string, token: string | undefined): TransferAddress {
  if (!URL.canParse(remoteUrl)) throw noAddress(remoteUrl);
  const url = new URL(remoteUrl);
  const own = url.password === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const pair = token === undefined ? own : `${TOKEN_USER}:${token}`;
  const { password } = url;
  url.username = '';
  url.password = '';
  if (pair === undefined) return { url: url.href, authorization: undefined, secrets: [] };
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new AppError('unsupported', `Credentials are not sent to ${url.host} over http: anybody could read them.`, {
      hint: 'Use the https address of the repository.',
    });
  }
  const basic = Buffer.from(pair).toString('base64');
  return { url: url.href, authorization: `Basic ${basic}`, secrets: [basic, token ?? '', password, decoded(password)] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
