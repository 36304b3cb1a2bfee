import { z } from 'zod';

const HOUR_SECONDS = 3_600;

/** Names, meaning and defaults are those of Kubernetes; fractions of a second are allowed. */
const timing = {
  initialDelaySeconds: z.number().min(0).max(HOUR_SECONDS).default(0),
  periodSeconds: z.number().min(0.01).max(HOUR_SECONDS).default(10),
  timeoutSeconds: z.number().min(0.01).max(300).default(1),
  failureThreshold: z.number().int().min(1).max(10_000).default(3),
};

const text = z.string().min(1).max(2_000);
const kinds = {
  /** Passed: status 200–399; a redirect is not followed. */
  http: {
    type: z.literal('http'),
    url: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).max(2_000),
    /** Text that must stand in the first 64 KiB of the answer. */
    contains: text.optional(),
  },
  tcp: {
    type: z.literal('tcp'),
    port: z.number().int().min(1).max(65_535),
    host: z.string().min(1).max(253).default('127.0.0.1'),
  },
  /** Passed: exit code 0. It runs where the service does, with its environment. */
  command: { type: z.literal('command'), command: z.array(z.string().max(8_192)).min(1).max(256) },
  /** Passed: the process has written a line, since it was started, in which this text stands. */
  log: { type: z.literal('log'), contains: text },
};

function probeOf<T extends z.ZodType>(successThreshold: T) {
  const fields = { ...timing, successThreshold };
  return z.discriminatedUnion(
    'type',
    [
      z.strictObject({ ...kinds.http, ...fields }),
      z.strictObject({ ...kinds.tcp, ...fields }),
      z.strictObject({ ...kinds.command, ...fields }),
      z.strictObject({ ...kinds.log, ...fields }),
    ],
    { error: 'a probe with a type: http, tcp, command or log' },
  );
}

/** Of readiness. */
export const probeSchema = probeOf(z.number().int().min(1).max(10_000).default(1));
/** Of startup and liveness: one success is enough, as in Kubernetes, where any other number is refused too. */
export const fixedProbeSchema = probeOf(z.literal(1).default(1));

/** A probe that is asked in the process itself; it has passed when it returns. */
export interface FunctionProbe {
  readonly type: 'function';
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  check(signal: AbortSignal): Promise<void>;
}

export type Probe = z.infer<typeof probeSchema> | FunctionProbe;
