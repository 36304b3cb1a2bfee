import type { LoadedConfig } from './core/config/index.ts';
import type { Log } from './core/log.ts';
import { OtlpExporter } from './core/otlp-exporter.ts';
import { createOtlpTracer } from './core/otlp-tracer.ts';
import { NO_TRACER } from './core/tracer.ts';
import type { Tracer } from './core/tracer.ts';
import { readVersion } from './core/version.ts';

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what was not sent yet. */
  readonly close: () => Promise<void>;
}

export interface TracingOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly role: 'master' | 'worker';
}

/** Traces of this process, to the collector that the configuration names; none without one. */
export function createTracing({ loaded, log, role }: TracingOptions): Tracing {
  const { endpoint, headers, sampleRatio } = loaded.config.tracing;
  if (endpoint === undefined) return { tracer: NO_TRACER, close: () => Promise.resolve() };
  const exporter = new OtlpExporter({ endpoint, headers: headersOf(headers), version: readVersion(), role, log });
  return { tracer: createOtlpTracer({ exporter, sampleRatio }), close: () => exporter.close() };
}

/** The form of the variable OTEL_EXPORTER_OTLP_HEADERS: values are percent-encoded where they need to be. */
function headersOf(text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodedOf(pair.slice(at + 1).trim())];
    }),
  );
}

function decodedOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
