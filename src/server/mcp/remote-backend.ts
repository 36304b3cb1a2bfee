import {
  Client,
  isInputRequiredResult,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  TRACEPARENT_META_KEY,
} from '@modelcontextprotocol/client';
import type { RequestOptions } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { AppError, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { LOCAL_CALLER } from '../../surface/index.ts';
import type { Caller, ContentBlock, PromptMessage, ToolAnswer } from '../../surface/index.ts';
import { answerMetaOf } from './answer-meta.ts';
import type { CallLoss } from './call-loss.ts';
import { capabilitiesOfCaller } from './caller-capabilities.ts';
import type { CompletionAnswer, CompletionQuestion } from './completions.ts';
import { inputNeededOf, retryParams } from './input-rounds.ts';
import { RemoteUpdates } from './remote-updates.ts';
import type { CallContext, ResourceAnswer, SurfaceBackend } from './surface-backend.ts';
import { unfenced } from './text-fence.ts';
import { appErrorOfProtocol, appErrorOfResult, capabilityNeededOf } from './wire-error.ts';

const PROTOCOL_VERSION = '2026-07-28';
/** Tools answer within 20 s; a master that is silent for this long is stuck. Progress starts the wait anew. */
const ANSWER_TIMEOUT_MS = 60_000;

const objectSchema = z.record(z.string(), z.unknown());
const promptArgsSchema = z.record(z.string(), z.string());
const metaSchema = z.record(z.string(), z.unknown()).optional();
const resourceSchema = z.union([
  z.object({ uri: z.string(), mimeType: z.string().default('text/plain'), text: z.string(), _meta: metaSchema }),
  z.object({
    uri: z.string(),
    mimeType: z.string().default('application/octet-stream'),
    blob: z.string(),
    _meta: metaSchema,
  }),
]);
/** The master is this same software: its blocks are as the surface has them. */
const blockSchema = z.custom<ContentBlock>((block) => z.looseObject({ type: z.string() }).safeParse(block).success);
const messagesSchema = z.array(z.object({ role: z.enum(['user', 'assistant']), content: blockSchema }));

export interface RemoteBackendOptions {
  /** The MCP endpoint of the master: `http://127.0.0.1:3001/mcp`. */
  readonly url: string;
  readonly token: string;
  readonly log: Log;
}

/**
 * Forwards to a running master over HTTP, in the stateless protocol era: nothing is held open between calls, but for what is
 * watched. What a tool logs stays in the master's log; the protocol does not say which call a log line belongs to.
 */
export function createRemoteBackend(options: RemoteBackendOptions): SurfaceBackend {
  return new RemoteBackend(options);
}

class RemoteBackend implements SurfaceBackend {
  readonly #options: RemoteBackendOptions;
  /** One for each client and set of abilities: both are said with every request. */
  readonly #clients = new Map<string, Promise<Client>>();
  readonly #updates: RemoteUpdates;

  constructor(options: RemoteBackendOptions) {
    this.#options = options;
    this.#updates = new RemoteUpdates({ open: () => this.#open(LOCAL_CALLER.can, undefined), log: options.log });
  }

  async callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer> {
    const params = { name, arguments: parseObject(objectSchema, name, input), ...carriedBy(call) };
    const result = await this.#ask(name, call, (client, options) => client.callTool(params, options));
    if (result.isError === true) throw appErrorOfResult(result);
    const [text = '', ...attachments] = z.array(blockSchema).parse(result.content);
    const { next, fence } = answerMetaOf(result);
    const said = typeof text === 'string' || text.type !== 'text' ? '' : text.text;
    return {
      text: fence === undefined ? said : unfenced({ text: said, next }, fence),
      structured: objectSchema.catch({}).parse(result.structuredContent),
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(next.length === 0 ? {} : { next }),
    };
  }

  async readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]> {
    const params = { uri, ...carriedBy(call) };
    const { contents } = await this.#ask(uri, call, (client, options) => client.readResource(params, options));
    return z.array(resourceSchema).parse(contents);
  }

  async getPrompt(name: string, args: unknown, call: CallContext): Promise<readonly PromptMessage[]> {
    const params = { name, arguments: parseObject(promptArgsSchema, name, args), ...carriedBy(call) };
    const { messages } = await this.#ask(name, call, (client, options) => client.getPrompt(params, options));
    return messagesSchema.parse(messages);
  }

  async complete({ ref, argument, known }: CompletionQuestion, call: CallContext): Promise<CompletionAnswer> {
    const params = { ref, argument, context: { arguments: { ...known } } };
    const { completion } = await this.#ask('The completion', call, (client, options) =>
      client.complete(params, options),
    );
    const { values, total = values.length, hasMore = false } = completion;
    return { values, total, hasMore };
  }

  watch(uri: string, onUpdate: () => void): () => void {
    return this.#updates.watch(uri, onUpdate);
  }

  async #ask<T>(
    subject: string,
    call: CallContext,
    send: (client: Client, options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    let isSent = false;
    let result: T;
    try {
      const client = await this.#connect(call.caller);
      isSent = true;
      result = await send(client, requestOptionsOf(call));
    } catch (error) {
      if (call.signal.aborted) throw new AppError('cancelled', `${subject} was cancelled.`, { cause: error });
      throw this.#translate(subject, error, isSent && !isRefused(error) ? 'interrupted' : 'undelivered');
    }
    if (isInputRequiredResult(result)) throw inputNeededOf(result);
    return result;
  }

  #connect({ can, client: about }: Caller): Promise<Client> {
    const key = JSON.stringify([can, about]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = this.#open(can, about);
    this.#clients.set(key, client);
    return client;
  }

  /** The master's record names the client that asks, not the process in between. */
  async #open(can: Caller['can'], about: Caller['client']): Promise<Client> {
    const client = new Client(about ?? { name: 'lightdom', version: '1' }, {
      versionNegotiation: { mode: { pin: PROTOCOL_VERSION } },
      // Tasks are the business of the process that the client talks to: here they are runs.
      capabilities: capabilitiesOfCaller({ ...can, tasks: false }),
      inputRequired: { autoFulfill: false },
    });
    const transport = new StreamableHTTPClientTransport(new URL(this.#options.url), {
      requestInit: { headers: { authorization: `Bearer ${this.#options.token}` } },
    });
    await client.connect(transport);
    return client;
  }

  #translate(subject: string, error: unknown, loss: CallLoss): Error {
    if (error instanceof ProtocolError) return capabilityNeededOf(error) ?? appErrorOfProtocol(error);
    if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403)) return this.#refused(error);
    if (error instanceof SdkHttpError && error.status === 413) return tooLarge(subject, error);
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return timedOut(subject, error);
    // The next call opens a new connection: the master may be back by then.
    this.#clients.clear();
    return new AppError('not_ready', `The master at ${this.#options.url} does not answer: ${messageOf(error)}.`, {
      hint: 'See `lightdom status`; start it with `lightdom start`.',
      details: { loss },
      cause: error,
    });
  }

  #refused(error: SdkHttpError): AppError {
    this.#clients.clear();
    const { url } = this.#options;
    return new AppError('permission_denied', `The master at ${url} refused the token (HTTP ${error.status}).`, {
      hint: 'Use the data folder that the master runs on: its file `token` holds the valid one.',
      cause: error,
    });
  }
}

/** What goes along with the call itself. */
function carriedBy({ retry, origin }: CallContext): Record<string, unknown> {
  const { traceparent } = origin ?? {};
  return {
    ...retryParams(retry),
    ...(traceparent === undefined ? {} : { _meta: { [TRACEPARENT_META_KEY]: traceparent } }),
  };
}

/** Nobody listens on the port any more, or it is a server on its way down, which turns new requests away. */
function isRefused(error: unknown): boolean {
  if (error instanceof SdkHttpError && error.status === 503) return true;
  return error instanceof Error && (systemCodeOf(error) === 'ECONNREFUSED' || isRefused(error.cause));
}

function requestOptionsOf(call: CallContext): RequestOptions {
  return {
    timeout: ANSWER_TIMEOUT_MS,
    resetTimeoutOnProgress: true,
    allowInputRequired: true,
    signal: call.signal,
    onprogress: ({ progress, total, message }) => call.progress(progress, total ?? 0, message ?? ''),
  };
}

function parseObject<T>(schema: z.ZodType<T>, subject: string, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', `The input of ${subject} must be a JSON object.`, { cause: parsed.error });
}

function tooLarge(subject: string, error: SdkHttpError): AppError {
  return new AppError('invalid_input', `The input of ${subject} is larger than the master takes (HTTP 413).`, {
    hint: 'Put the bulk into a file of the workspace and name that.',
    cause: error,
  });
}

function timedOut(subject: string, error: SdkError): AppError {
  return new AppError('timed_out', `${subject} gave no answer within ${ANSWER_TIMEOUT_MS / 1000} s.`, {
    hint: 'It may still be at work; see `system_status`.',
    cause: error,
  });
}
