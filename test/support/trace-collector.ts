import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { z } from 'zod';

/** `ExportTraceServiceRequest` in JSON (opentelemetry-proto 1.x): only what is written here may come. */
const attribute = z.strictObject({
  key: z.string().min(1),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
  ]),
});
const nanoseconds = z.string().regex(/^\d{19}$/);
const spanSchema = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  kind: z.union([z.literal(1), z.literal(2), z.literal(5)]),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: z.array(attribute),
  status: z.strictObject({ code: z.literal(2).optional() }),
});
const requestSchema = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(spanSchema) })),
    }),
  ),
});

export interface CollectedSpan extends z.infer<typeof spanSchema> {
  readonly role: string;
}

/** A collector of traces on this machine that takes what the protocol allows and nothing else. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  readonly headers: NodeJS.Dict<string | string[]>[] = [];
  readonly problems: string[] = [];
  /** Answers to be given before those that take something. */
  readonly refusals: number[] = [];
  #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.headers.push(request.headers);
      const refusal = this.refusals.shift();
      if (refusal === undefined) this.#take(`${request.method} ${request.url}`, Buffer.concat(chunks).toString('utf8'));
      response.writeHead(refusal ?? 200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = z.custom<AddressInfo>().parse(this.#server.address());
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Resolves once it is so. */
  async until(isSo: (spans: readonly CollectedSpan[]) => boolean): Promise<void> {
    while (!isSo(this.spans)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #take(line: string, text: string): void {
    const parsed = requestSchema.safeParse(JSON.parse(text));
    if (line !== 'POST /v1/traces') this.problems.push(line);
    if (!parsed.success) this.problems.push(parsed.error.message);
    for (const { resource, scopeSpans } of parsed.data?.resourceSpans ?? []) {
      const role = resource.attributes.find(({ key }) => key === 'lightdom.role')?.value;
      const own = role !== undefined && 'stringValue' in role ? role.stringValue : '';
      for (const { spans } of scopeSpans) for (const span of spans) this.spans.push({ ...span, role: own });
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
