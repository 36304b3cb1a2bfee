import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from './errors.ts';
import type { OtlpExporter, OtlpSpan, OtlpValue } from './otlp-exporter.ts';
import { childContext, readTraceParent, writeTraceParent } from './trace-parent.ts';
import type { TraceContext } from './trace-parent.ts';
import type { SpanAttributes, SpanOptions, Tracer } from './tracer.ts';

export interface OtlpTracerDeps {
  readonly exporter: Pick<OtlpExporter, 'add'>;
  /** Part of the traces that begin here which are kept, from 0 to 1. */
  readonly sampleRatio: number;
  readonly wallClock?: () => number;
}

/** SpanKind and StatusCode of opentelemetry/proto/trace/v1/trace.proto. */
const KINDS = { internal: 1, server: 2, consumer: 5 } as const;
const STATUS_ERROR = 2;

/** Spans of this process, given to an exporter as they end. */
export function createOtlpTracer({ exporter, sampleRatio, wallClock = Date.now }: OtlpTracerDeps): Tracer {
  const around = new AsyncLocalStorage<TraceContext>();
  return {
    parent: () => {
      const context = around.getStore();
      return context === undefined ? undefined : writeTraceParent(context);
    },
    async span(options, work) {
      const parent = readTraceParent(options.parent) ?? around.getStore();
      const context = childContext(parent, sampleRatio);
      const startedAt = wallClock();
      const startedMs = performance.now();
      let failure: unknown;
      try {
        return await around.run(context, work);
      } catch (error) {
        failure = error ?? new Error('for no reason');
        throw error;
      } finally {
        const endedAt = startedAt + performance.now() - startedMs;
        if (context.isSampled) exporter.add(spanOf({ options, context, parent, startedAt, endedAt, failure }));
      }
    },
  };
}

interface Ended {
  readonly options: SpanOptions;
  readonly context: TraceContext;
  readonly parent: TraceContext | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failure: unknown;
}

/** Of a failure its code alone: a message may hold what is nobody else's business. */
function spanOf({ options, context, parent, startedAt, endedAt, failure }: Ended): OtlpSpan {
  const code = failure instanceof AppError ? failure.code : 'internal';
  const attributes = failure === undefined ? options.attributes : { ...options.attributes, 'error.type': code };
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    name: options.name,
    kind: KINDS[options.kind ?? 'internal'],
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributesOf(attributes ?? {}),
    status: failure === undefined ? {} : { code: STATUS_ERROR },
  };
}

/** Beyond what a number can hold exactly. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}

function attributesOf(attributes: SpanAttributes): OtlpSpan['attributes'] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: valueOf(value) }],
  );
}

function valueOf(value: string | number | boolean): OtlpValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
