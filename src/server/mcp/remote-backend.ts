import { Client, ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { RequestOptions } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { AppError, messageOf, systemCodeOf } from '../../core/errors.ts';
import type { ToolAnswer } from '../../surface/index.ts';
import type { CallContext, ResourceAnswer, SurfaceBackend } from './surface-backend.ts';
import { appErrorOfProtocol, appErrorOfResult } from './wire-error.ts';

const PROTOCOL_VERSION = '2026-07-28';
/** Tools answer within 20 s; a master that is silent for this long is stuck. Progress starts the wait anew. */
const ANSWER_TIMEOUT_MS = 60_000;

const objectSchema = z.record(z.string(), z.unknown());
const promptArgsSchema = z.record(z.string(), z.string());
const resourceTextSchema = z.object({ uri: z.string(), mimeType: z.string().default('text/plain'), text: z.string() });

const callLossSchema = z.enum(['undelivered', 'interrupted']);

/** What became of a call that the master did not answer: it never got there, or it broke off on the way. */
export type CallLoss = z.infer<typeof callLossSchema>;

/** Undefined for an error that is the master's answer. */
export function callLossOf(error: unknown): CallLoss | undefined {
  return error instanceof AppError ? callLossSchema.safeParse(error.details['loss']).data : undefined;
}

export interface RemoteBackendOptions {
  /** The MCP endpoint of the master: `http://127.0.0.1:3001/mcp`. */
  readonly url: string;
  readonly token: string;
}

/**
 * Forwards to a running master over HTTP, in the stateless protocol era: nothing is held open between calls. What a
 * tool logs stays in the master's log; the protocol does not say which call a log line belongs to.
 */
export function createRemoteBackend(options: RemoteBackendOptions): SurfaceBackend {
  return new RemoteBackend(options);
}

class RemoteBackend implements SurfaceBackend {
  readonly #options: RemoteBackendOptions;
  #client: Promise<Client> | undefined;

  constructor(options: RemoteBackendOptions) {
    this.#options = options;
  }

  async callTool(name: string, input: unknown, call: CallContext): Promise<ToolAnswer> {
    const args = parseObject(objectSchema, name, input);
    const result = await this.#ask(name, call, (client, options) =>
      client.callTool({ name, arguments: args }, options),
    );
    if (result.isError === true) throw appErrorOfResult(result);
    const text = result.content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
    return { text, structured: objectSchema.catch({}).parse(result.structuredContent) };
  }

  async readResource(uri: string, call: CallContext): Promise<readonly ResourceAnswer[]> {
    const { contents } = await this.#ask(uri, call, (client, options) => client.readResource({ uri }, options));
    return z.array(resourceTextSchema).parse(contents);
  }

  async getPrompt(name: string, args: unknown): Promise<string> {
    const params = { name, arguments: parseObject(promptArgsSchema, name, args) };
    const { messages } = await this.#ask(name, undefined, (client, options) => client.getPrompt(params, options));
    return messages.map(({ content }) => (content.type === 'text' ? content.text : `[${content.type}]`)).join('\n');
  }

  async #ask<T>(
    subject: string,
    call: CallContext | undefined,
    send: (client: Client, options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    let isSent = false;
    try {
      const client = await this.#connect();
      isSent = true;
      return await send(client, requestOptionsOf(call));
    } catch (error) {
      if (call?.signal.aborted === true) throw new AppError('cancelled', `${subject} was cancelled.`, { cause: error });
      throw this.#translate(subject, error, isSent && !isRefused(error) ? 'interrupted' : 'undelivered');
    }
  }

  #connect(): Promise<Client> {
    this.#client ??= this.#open();
    return this.#client;
  }

  async #open(): Promise<Client> {
    const client = new Client(
      { name: 'lightdom', version: '1' },
      { versionNegotiation: { mode: { pin: PROTOCOL_VERSION } } },
    );
    const transport = new StreamableHTTPClientTransport(new URL(this.#options.url), {
      requestInit: { headers: { authorization: `Bearer ${this.#options.token}` } },
    });
    await client.connect(transport);
    return client;
  }

  #translate(subject: string, error: unknown, loss: CallLoss): AppError {
    if (error instanceof ProtocolError) return appErrorOfProtocol(error);
    if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403)) return this.#refused(error);
    if (error instanceof SdkHttpError && error.status === 413) return tooLarge(subject, error);
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return timedOut(subject, error);
    // The next call opens a new connection: the master may be back by then.
    this.#client = undefined;
    return new AppError('not_ready', `The master at ${this.#options.url} does not answer: ${messageOf(error)}.`, {
      hint: 'See `lightdom status`; start it with `lightdom start`.',
      details: { loss },
      cause: error,
    });
  }

  #refused(error: SdkHttpError): AppError {
    this.#client = undefined;
    const { url } = this.#options;
    return new AppError('permission_denied', `The master at ${url} refused the token (HTTP ${error.status}).`, {
      hint: 'Use the data folder that the master runs on: its file `token` holds the valid one.',
      cause: error,
    });
  }
}

/** Nobody listens on the port any more, or it is a server on its way down, which turns new requests away. */
function isRefused(error: unknown): boolean {
  if (error instanceof SdkHttpError && error.status === 503) return true;
  return error instanceof Error && (systemCodeOf(error) === 'ECONNREFUSED' || isRefused(error.cause));
}

function requestOptionsOf(call: CallContext | undefined): RequestOptions {
  const options = { timeout: ANSWER_TIMEOUT_MS, resetTimeoutOnProgress: true };
  if (call === undefined) return options;
  return {
    ...options,
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
