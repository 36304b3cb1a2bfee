import { z } from 'zod';
import { agentConfigSchema } from './agent-config-schema.ts';
import { keyFacts } from './key-facts.ts';

/** Settings of the single subsystems, named as the status names them. */

const HOUR_MS = 3_600_000;

const startupSchema = z.strictObject({
  autoRestart: z
    .boolean()
    .default(true)
    .describe('Restart a service that ended unexpectedly.')
    .register(keyFacts, { env: 'AUTO_RESTART' }),
  healthCheckInterval: z
    .number()
    .int()
    .min(100)
    .max(HOUR_MS)
    .default(30_000)
    .describe('Time between two checks of a database or a server elsewhere, in milliseconds.')
    .register(keyFacts, { env: 'HEALTH_CHECK_INTERVAL' }),
  statusInterval: z
    .number()
    .int()
    .min(100)
    .max(HOUR_MS)
    .default(30_000)
    .describe('Time between two `status` events, in milliseconds.'),
  maxRestarts: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(3)
    .describe('Quick restarts within a minute; a service that ends once more is tried only now and then.'),
  startupTimeout: z
    .number()
    .int()
    .min(1_000)
    .max(HOUR_MS)
    .default(60_000)
    .describe('Time for all services to come up, in milliseconds.'),
  manifest: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/)
    .optional()
    .describe(
      'Manifest of further services; without it `lightdom.services.yaml` in the workspace, once it was allowed.',
    )
    .register(keyFacts, { isPath: true, valid: 'the path of a YAML file' }),
});

const campaignsSchema = z.strictObject({
  maxConcurrent: z.number().int().min(1).max(100).default(3).describe('Campaigns that run at the same time.'),
  defaultPriority: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(5)
    .describe('Priority of a campaign that names none; 10 goes first.'),
});

const trainingSchema = z.strictObject({
  numSimulations: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(1_000_000)
    .describe('Examples that are made when a call names no number.')
    .register(keyFacts, { env: 'TRAINING_SIMULATIONS' }),
  parallelWorkers: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('Worker threads that make them; never more than the machine has processors.')
    .register(keyFacts, { env: 'TRAINING_WORKERS' }),
});

const mcpServerSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('localhost')
    .describe('Address of a further listener for the code graph alone; there is none unless host or port is given.'),
  port: z.number().int().min(0).max(65_535).default(3002).describe('Port of that listener; 0 takes any free one.'),
});

const tensorflowSchema = z.strictObject({
  modelPath: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/)
    .optional()
    .describe('Folder of trained models; without it they are kept in the data folder.')
    .register(keyFacts, { env: 'TF_MODEL_PATH', isPath: true, valid: 'a folder path' }),
  enableGpu: z
    .boolean()
    .default(false)
    .describe('Use a GPU if a backend for it is installed.')
    .register(keyFacts, { env: 'TF_ENABLE_GPU' }),
});

const ollamaSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Use a local model server: one that runs, else the program if installed.'),
  url: z
    .url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/ })
    .default('http://127.0.0.1:11434')
    .describe('Where that server is.')
    .register(keyFacts, { secret: 'url', valid: 'a http URL of this machine' }),
});

export const servicesSchema = z.strictObject({
  startup: startupSchema,
  campaigns: campaignsSchema,
  navigation: z.strictObject({}),
  indexing: z.strictObject({ mcpServer: mcpServerSchema.optional() }),
  agent: agentConfigSchema,
  ollama: ollamaSchema,
  training: trainingSchema,
  tensorflow: tensorflowSchema,
  storybook: z.strictObject({}),
  seo: z.strictObject({}),
  design: z.strictObject({}),
});
