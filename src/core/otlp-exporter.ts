import { hostname } from 'node:os';
import process from 'node:process';
import { postJson } from './bounded-fetch.ts';
import { messageOf } from './errors.ts';
import type { Log } from './log.ts';

export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number };

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** A `Span` of opentelemetry/proto/trace/v1/trace.proto in its JSON form: ids in hexadecimal, 64-bit numbers as text. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status: { readonly code?: number };
}

export interface OtlpExporterDeps {
  /** Base URL of the collector; traces go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `service.version` and what kind of process this is. */
  readonly version: string;
  readonly role: 'master' | 'worker';
  readonly log: Log;
}

const MAX_WAITING = 4_096;
const MAX_BATCH = 512;
const SEND_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Sends spans to a collector (OTLP over HTTP, JSON) some at a time. A collector that is away costs spans, never work: what
 * can't be sent in a few attempts, and what comes while too many wait, is dropped and counted in the log.
 */
export class OtlpExporter {
  readonly #deps: OtlpExporterDeps;
  readonly #url: URL;
  #waiting: OtlpSpan[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(deps: OtlpExporterDeps) {
    this.#deps = deps;
    this.#url = new URL(`${deps.endpoint.replace(/\/$/, '')}/v1/traces`);
  }

  add(span: OtlpSpan): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length === MAX_BATCH) this.#send();
    this.#timer ??= setTimeout(() => this.#send(), SEND_EVERY_MS).unref();
  }

  /** Sends what waits, within some seconds. */
  async close(): Promise<void> {
    this.#send();
    await this.#sending;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending = this.#sending.then(() => this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MAX_BATCH);
      const failure = await this.#sendBatch(batch);
      this.#waiting.splice(0, batch.length);
      if (failure === undefined) continue;
      this.#deps.log.warn({ spans: batch.length, reason: failure }, 'traces could not be sent and are dropped');
    }
    if (this.#dropped > 0) this.#deps.log.warn({ spans: this.#dropped }, 'traces came faster than they could be sent');
    this.#dropped = 0;
  }

  /** What is wrong; undefined when the collector has taken them. */
  async #sendBatch(spans: readonly OtlpSpan[]): Promise<string | undefined> {
    const body = {
      resourceSpans: [{ resource: this.#resource(), scopeSpans: [{ scope: { name: 'lightdom' }, spans }] }],
    };
    let failure = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        const bounds = { maxBytes: MAX_ANSWER_BYTES, timeoutMs: TIMEOUT_MS };
        const { status } = await postJson(this.#url, { body, headers: this.#deps.headers, ...bounds });
        if (status >= 200 && status < 300) return undefined;
        failure = `the collector answered ${status}`;
        // What it refuses it will refuse again; it is only busy with these (OTLP specification, "Retryable Response Codes").
        if (![429, 502, 503, 504].includes(status)) return failure;
      } catch (error) {
        failure = messageOf(error);
      }
    }
    return failure;
  }

  #resource() {
    const { version, role } = this.#deps;
    const facts = {
      'service.name': 'lightdom',
      'service.version': version,
      'service.instance.id': `${hostname()}/${process.pid}`,
      'lightdom.role': role,
    };
    return { attributes: Object.entries(facts).map(([key, stringValue]) => ({ key, value: { stringValue } })) };
  }
}
