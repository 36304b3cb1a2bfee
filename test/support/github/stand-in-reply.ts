import type { components } from '@octokit/openapi-types';
import type { Hub } from './stand-in-state.ts';

export interface Reply {
  readonly status: number;
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly hub: Hub;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Whose token it came with. */
  readonly user: string;
  /** Base URL of the API, and of pages and git. */
  readonly apiUrl: string;
  readonly webUrl: string;
  /** The URL that was asked for, without its query. */
  readonly url: string;
}

/** An answer that is thrown. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

const DOCS = 'https://docs.github.com/rest';

export function refuse(status: number, message: string): Refused {
  const data = {
    message,
    documentation_url: DOCS,
    status: String(status),
  } satisfies components['schemas']['basic-error'];
  return new Refused({ status, data });
}

export interface Invalid {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

/** As GitHub answers what it can't take: 422, with a list of what is wrong. */
export function invalid(...errors: Invalid[]): Refused {
  const data = {
    message: 'Validation Failed',
    errors,
    documentation_url: DOCS,
  } satisfies components['schemas']['validation-error'];
  return new Refused({ status: 422, data: { ...data, status: '422' } });
}

export function ok(data: unknown): Reply {
  return { status: 200, data };
}

const DEFAULT_PAGE = 30;
const MAX_PAGE = 100;

/** One page, with the `Link` header that leads to the next. */
export function paged<T>(call: Call, items: readonly T[], shape: (page: readonly T[]) => unknown): Reply {
  const perPage = Math.min(MAX_PAGE, Number(call.query.get('per_page') ?? DEFAULT_PAGE));
  const page = Number(call.query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const linkTo = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    return `<${call.url}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [linkTo(page - 1, 'prev'), linkTo(1, 'first')] : []),
    ...(page < last ? [linkTo(page + 1, 'next'), linkTo(last, 'last')] : []),
  ];
  const data = shape(items.slice((page - 1) * perPage, page * perPage));
  return { status: 200, data, headers: links.length === 0 ? {} : { link: links.join(', ') } };
}
