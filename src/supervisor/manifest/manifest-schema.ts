import { z } from 'zod';
import { fixedProbeSchema, probeSchema } from './probe-schema.ts';

/** Bounds of a manifest: more is a mistake, and would cost memory or processes that nobody meant. */
export const MAX_MANIFEST_BYTES = 256 * 1024;
const MAX_SERVICES = 100;
const MAX_WORDS = 256;
const MAX_VARIABLES = 200;
const MAX_DEPENDENCIES = 50;
const DAY_MS = 86_400_000;

export const RESTART_POLICIES = ['never', 'on-failure', 'always', 'unless-stopped'] as const;
export const DEPENDENCY_CONDITIONS = ['started', 'healthy', 'completed'] as const;
export const DEPENDENCY_FAILURES = ['stop', 'restart', 'ignore'] as const;
/** Those that a program can answer; SIGKILL follows by itself after the grace. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

const word = z
  .string()
  .max(8192)
  .regex(/^[^\0]*$/, { error: 'text without NUL characters' });
const words = z.array(word).min(1).max(MAX_WORDS);
const milliseconds = z.number().int().min(0).max(DAY_MS);

export const serviceNameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, {
  error: 'a name of at most 63 small letters, digits, - and _ that begins with a letter',
});
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: 'the name of a variable' });

const variableValue = z.union(
  [
    word,
    z.number().transform(String),
    z.boolean().transform(String),
    z.strictObject({ secret: z.string().min(1).max(200) }),
  ],
  { error: 'text, a number, true, false, or { secret: <configuration key> }' },
);

const dependency = z.strictObject({ condition: z.enum(DEPENDENCY_CONDITIONS).default('started') });

const port = z.number().int().min(1).max(65_535);
const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[\w.:-]+$/, { error: 'a host name or address' });

const backoff = z.strictObject({
  /** Before the first restart; each further one waits twice as long. */
  initialMs: milliseconds.min(10).default(100),
  maxMs: milliseconds.min(10).default(30_000),
  /** Ready for so long, a service has recovered: the next restart is quick again. */
  resetAfterMs: milliseconds.default(60_000),
});

const crashLoop = z.strictObject({
  /** Without it: one more than the quick restarts that the configuration allows. */
  exits: z.number().int().min(2).max(1_001).optional(),
  withinMs: milliseconds.min(100).default(60_000),
  /** Between two attempts from then on. */
  retryMs: milliseconds.min(10).default(300_000),
});

const stop = z.strictObject({ signal: z.enum(STOP_SIGNALS).default('SIGTERM'), graceMs: milliseconds.default(10_000) });

const limits = z.strictObject({
  memoryMb: z.number().min(1).max(1_048_576).optional(),
  /** Of one processor: 200 is two of them, fully used. */
  cpuPercent: z.number().min(1).max(100_000).optional(),
  /** In a row over the limit, 5 s apart, before the service is restarted. */
  samples: z.number().int().min(1).max(1_000).default(3),
});

export const serviceSchema = z.strictObject({
  /** A list of words, or text that is split into words as a shell would, without being given to one. */
  command: z.union([z.string().min(1).max(8192), words], { error: 'text or a list of words, not empty' }),
  args: z.array(word).max(MAX_WORDS).default([]),
  cwd: word.min(1).default('.'),
  env: z
    .record(variableName, variableValue)
    .refine((env) => Object.keys(env).length <= MAX_VARIABLES, { error: `at most ${MAX_VARIABLES} variables` })
    .default({}),
  dependsOn: z
    .record(serviceNameSchema, dependency)
    .refine((all) => Object.keys(all).length <= MAX_DEPENDENCIES, { error: `at most ${MAX_DEPENDENCIES} services` })
    .default({}),
  /** It is meant to end by itself. */
  oneShot: z.boolean().default(false),
  /** The system can't do without it: an alert about it says so. */
  critical: z.boolean().default(false),
  enabled: z.boolean().default(true),
  disabledReason: z.string().max(500).optional(),
  ports: z
    .array(z.strictObject({ port, host: host.default('127.0.0.1') }))
    .max(20)
    .default([]),
  startup: fixedProbeSchema.optional(),
  readiness: probeSchema.optional(),
  liveness: fixedProbeSchema.optional(),
  /** Without it: `on-failure` for a one-shot job, otherwise `unless-stopped`. */
  restart: z.enum(RESTART_POLICIES).optional(),
  /** Restarts in a row after which the service has failed; without it, there is no such number. */
  maxRestarts: z.number().int().min(0).max(1_000_000).optional(),
  backoff: backoff.prefault({}),
  crashLoop: crashLoop.prefault({}),
  stop: stop.prefault({}),
  limits: limits.prefault({}),
  onDependencyFailure: z.enum(DEPENDENCY_FAILURES).default('ignore'),
  /** Something healthy that is there already is used, and not started once more. */
  attach: z.boolean().default(false),
});

/** One service as the manifest says it. */
export type ServiceEntry = z.infer<typeof serviceSchema>;

export const manifestSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Variables of the master's environment that `${NAME}` in a service's `env` may use. */
  variables: z.array(variableName).max(MAX_VARIABLES).default([]),
  services: z
    .record(serviceNameSchema, serviceSchema)
    .refine((all) => Object.keys(all).length <= MAX_SERVICES, { error: `at most ${MAX_SERVICES} services` }),
});

/** A manifest that is well formed; whether its services fit together is found by `planServices`. */
export type Manifest = z.infer<typeof manifestSchema>;
