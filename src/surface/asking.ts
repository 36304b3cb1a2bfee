import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { secretFieldOf } from '../core/secret-name.ts';
import type { Caller } from './caller.ts';

/** Something that the client has to do before a call can go on, in the protocol's own shape. */
export interface InputRequest {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params: Readonly<Record<string, unknown>>;
}

/** The caller's side of a call. */
export interface AskingContext {
  readonly caller: Caller;
  /**
   * Has the client answer, by key: at once when the answers came with the call, else by throwing InputNeeded, after which
   * the call is repeated from its beginning. Ask in the same order each time and before anything is done; an answer that
   * `isValid` refuses is asked for again. Answers are from outside: parse them.
   */
  ask(
    requests: Readonly<Record<string, InputRequest>>,
    isValid?: (response: unknown, key: string) => boolean,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Thrown by `AskingContext.ask` when answers are missing, and let through by everything up to the server: the client gets
 * the requests, and repeats its call with the answers and with `state`.
 */
export class InputNeeded extends Error {
  readonly requests: Readonly<Record<string, InputRequest>>;
  /** What the client gives back with the answers; it can read it, and can't change it. */
  readonly state: string;

  constructor(requests: Readonly<Record<string, InputRequest>>, state: string) {
    super(`Input is needed: ${Object.keys(requests).join(', ')}.`);
    this.name = 'InputNeeded';
    this.requests = requests;
    this.state = state;
  }
}

/** Thrown when a call can't be served to a client without this capability; `capabilities` as in its own declaration. */
export class CapabilityNeeded extends Error {
  readonly capabilities: Readonly<Record<string, unknown>>;

  constructor(message: string, capabilities: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'CapabilityNeeded';
    this.capabilities = capabilities;
  }
}

/** A form of flat fields: text, numbers, flags and choices. Never for secrets: throws `unsupported` for a field named so. */
export function formRequest(message: string, fields: z.ZodObject): InputRequest {
  const { $schema: _dialect, additionalProperties: _closed, ...schema } = z.toJSONSchema(fields, { io: 'input' });
  const secret = secretFieldOf(schema.properties);
  if (secret !== undefined) {
    throw new AppError('unsupported', `A form must not ask for a secret, as its field \`${secret}\` seems to do.`, {
      hint: 'What is entered into a form goes through the client and its model: ask for it on a page, with askUrl.',
    });
  }
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: schema } };
}

const answerSchema = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).optional(),
});

export type FormAnswer<F extends z.ZodObject> =
  | { readonly action: 'accept'; readonly content: z.output<F> }
  | { readonly action: 'decline' | 'cancel' };

/** What was entered into a form; undefined for an answer that does not fit it, which is then asked for again. */
export function formAnswer<F extends z.ZodObject>(fields: F, response: unknown): FormAnswer<F> | undefined {
  const answer = answerSchema.safeParse(response);
  if (!answer.success) return undefined;
  const { action, content = {} } = answer.data;
  if (action !== 'accept') return { action };
  const entered = fields.safeParse(content);
  return entered.success ? { action, content: entered.data } : undefined;
}

/**
 * Shows a form to the person behind the client and gives back what they entered. `key` names the question among those of
 * one call. The call is repeated from its beginning with the answer: ask before anything is done.
 */
export async function askForm<F extends z.ZodObject>(
  context: Pick<AskingContext, 'ask'>,
  { key, message, fields }: { readonly key: string; readonly message: string; readonly fields: F },
): Promise<FormAnswer<F>> {
  const isValid = (response: unknown): boolean => formAnswer(fields, response) !== undefined;
  const answers = await context.ask({ [key]: formRequest(message, fields) }, isValid);
  return formAnswer(fields, answers[key]) ?? { action: 'cancel' };
}

/** A page that a person is to open: the one way to ask for a secret, which then never comes by the client. */
export interface PageToOpen {
  /** Why it is to be opened, for the person. */
  readonly message: string;
  readonly url: string;
}

/** Without `elicitationId`: 2026-07-28 has none, and for clients before it the protocol's library adds one. */
export function urlRequest({ message, url }: PageToOpen): InputRequest {
  return { method: 'elicitation/create', params: { mode: 'url', message, url } };
}

/** Asks the person behind the client to open a page. `accept` says that they do, not that they are done there. */
export async function askUrl(
  context: Pick<AskingContext, 'ask'>,
  { key, page }: { readonly key: string; readonly page: PageToOpen },
): Promise<'accept' | 'decline' | 'cancel'> {
  const isValid = (response: unknown): boolean => answerSchema.safeParse(response).success;
  const answers = await context.ask({ [key]: urlRequest(page) }, isValid);
  return answerSchema.parse(answers[key]).action;
}
