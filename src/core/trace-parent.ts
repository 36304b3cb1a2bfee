import { randomBytes } from 'node:crypto';

/** Where a span is in its trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = 1;

/** The header `traceparent` (W3C Trace Context, section 3.2); undefined for one that is none. */
export function readTraceParent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = FORM.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function writeTraceParent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${isSampled ? SAMPLED : 0}`;
}

/** Within the trace of its parent, or a trace of its own of which this part is kept (a number from 0 to 1). */
export function childContext(parent: TraceContext | undefined, sampleRatio: number): TraceContext {
  const spanId = randomBytes(8).toString('hex');
  if (parent !== undefined) return { ...parent, spanId };
  const traceId = randomBytes(16).toString('hex');
  // As OpenTelemetry's TraceIdRatioBased: the id itself decides, so that all who see it decide alike.
  const place = Number.parseInt(traceId.slice(-8), 16) / 2 ** 32;
  return { traceId, spanId, isSampled: place < sampleRatio };
}
