import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { mockScriptSchema, mockStepSchema } from './mock-script.ts';
import type { MockScript, MockScriptInput, MockStep } from './mock-script.ts';
import { mockEvents } from './mock-stream.ts';

/** A request as it came in. */
export interface MockRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of what was sent, as text: for what must not stand there. */
  readonly text: string;
  readonly body: MockRequestBody;
}
export type MockRequestBody = z.infer<typeof requestSchema>;

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.string(),
      reasoning_content: z.string().optional(),
      tool_call_id: z.string().optional(),
      tool_calls: z
        .array(z.looseObject({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
        .optional(),
    }),
  ),
});

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_KEPT_REQUESTS = 2_000;

/** A server on this machine that speaks the protocol of OpenAI and answers by a script; whatever it is told to do wrong, too. */
export class MockModelServer {
  readonly #script: MockScript;
  readonly #server: Server;
  readonly #closing = new AbortController();
  readonly requests: MockRequest[] = [];
  #answered = 0;

  private constructor(script: MockScript) {
    this.#script = script;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(input: MockScriptInput): Promise<MockModelServer> {
    const mock = new MockModelServer(mockScriptSchema.parse(input));
    await new Promise<void>((resolve, reject) => {
      mock.#server.once('error', reject);
      mock.#server.listen(0, '127.0.0.1', resolve);
    });
    return mock;
  }

  get script(): MockScript {
    return this.#script;
  }

  get baseUrl(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null)
      throw new AppError('not_ready', 'The mock model does not listen.');
    return `http://127.0.0.1:${address.port}/v1`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const body = requestSchema.parse(JSON.parse(text));
    const { authorization, 'content-type': type } = request.headers;
    if (this.requests.length < MAX_KEPT_REQUESTS) {
      this.requests.push({ path: request.url ?? '', headers: { authorization, 'content-type': type }, text, body });
    }
    const at = this.#answered;
    this.#answered += 1;
    await this.#play(response, { step: this.#stepFor(body, at), at });
  }

  #stepFor(body: MockRequestBody, at: number): MockStep {
    const { steps, isEndless } = this.#script;
    const step = steps[isEndless ? at % steps.length : at];
    if (step === undefined) return refusalStep(`The script has ${steps.length} steps; this is request ${at + 1}.`);
    const isMissing = body.messages.some(
      (message) => message.tool_calls !== undefined && message.reasoning_content === undefined,
    );
    if (!step.needsReasoningEcho || !isMissing) return step;
    return refusalStep('The `reasoning_content` in the thinking mode must be passed back to the API.');
  }

  async #play(response: ServerResponse, { step, at }: { readonly step: MockStep; readonly at: number }): Promise<void> {
    const { status, headers, fault, raw } = step;
    if (fault === 'hang') return;
    if (fault === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (raw !== undefined) {
      response.writeHead(status, { 'content-type': 'text/event-stream', ...headers }).end(raw);
      return;
    }
    if (status >= 400) {
      const error = { message: step.errorText ?? `status ${status}`, code: step.errorCode ?? null, type: 'mock' };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
      return;
    }
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    await this.#stream(response, { step, at });
  }

  async #stream(
    response: ServerResponse,
    { step, at }: { readonly step: MockStep; readonly at: number },
  ): Promise<void> {
    const events = mockEvents(step, at);
    const isBroken = step.fault === 'cut' || step.fault === 'end_early';
    // As DeepSeek does while it is busy.
    response.write(': keep-alive\n\n');
    for (const event of isBroken ? events.slice(0, Math.max(1, Math.floor(events.length / 2))) : events) {
      if (response.destroyed || this.#closing.signal.aborted) return;
      await sleep(step.chunkDelayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      response.write(`data: ${event}\n\n`);
    }
    if (step.fault === 'cut') {
      await sleep(5);
      response.socket?.resetAndDestroy();
      return;
    }
    response.end(isBroken ? '' : 'data: [DONE]\n\n');
  }
}

function refusalStep(errorText: string): MockStep {
  return mockStepSchema.parse({ status: 400, errorText });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(z.instanceof(Uint8Array).parse(chunk));
    size += bytes.byteLength;
    if (size > MAX_BODY_BYTES)
      throw new AppError('limit_reached', `The request has more than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
