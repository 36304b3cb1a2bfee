/** What a span is about: small facts by their names in OpenTelemetry's conventions. Never arguments or texts of users. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  readonly name: string;
  /** `server`: it answers somebody else; `consumer`: it does what was asked for earlier. */
  readonly kind?: 'internal' | 'server' | 'consumer';
  readonly attributes?: SpanAttributes;
  /** A W3C `traceparent` of what caused it; without it, the span around the caller. */
  readonly parent?: string | undefined;
}

/** Tells which work caused which, and how long each part took. Spans nest by the calls that they are made in. */
export interface Tracer {
  /** Does the work within a span, which ends with it and says whether it threw. */
  span<T>(options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** The W3C `traceparent` of the span around the caller, for what goes on elsewhere. */
  parent(): string | undefined;
}

/** Where nobody collects traces. */
export const NO_TRACER: Tracer = { span: (_options, work) => work(), parent: () => undefined };
