import { z } from 'zod';
import { LOG_FORMS, LOG_LEVELS } from '../log.ts';
import { aiSchema } from './ai-schema.ts';
import { githubSchema } from './github-schema.ts';
import { auditSchema, oauthSchema, quotaShape, tracingSchema } from './guard-schema.ts';
import { keyFacts } from './key-facts.ts';
import { mcpSchema } from './mcp-schema.ts';
import { DEFAULT_MODE, defaultByMode, DURABILITIES, MODES } from './mode-rules.ts';
import { servicesSchema } from './services-schema.ts';

/**
 * The configuration tree: every key with its default, its meaning and its established environment variable.
 * Each key also has the derived variable `LIGHTDOM_<PATH_IN_SNAKE_CASE>`. Groups may be left out; a group marked
 * optional is absent unless one of its keys is given.
 */
const PORT_MAX = 65_535;

const path = z
  .string()
  .min(1)
  .regex(/^[^\0]*$/);
const PATH_FACTS = { isPath: true, valid: 'a file or folder path' } as const;

const httpSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Serve HTTP: MCP, REST, events, metrics and the dashboard.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z
    .number()
    .int()
    .min(0)
    .max(PORT_MAX)
    .describe('Port to listen on; 0 takes any free one.')
    .register(keyFacts, { defaultText: defaultByMode('http.port') }),
  allowedHosts: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('Names by which other machines reach it; needed to listen on more than loopback.')
    .register(keyFacts, { separator: ',', valid: 'a list of host names' }),
  corsOrigins: z
    .array(
      z
        .string()
        .max(300)
        .regex(/^https?:\/\/[^/\s?#@*]+$/),
    )
    .max(20)
    .default([])
    .describe('Origins of whose pages browsers may use the REST API; without any, no page elsewhere may.')
    .register(keyFacts, { separator: ',', valid: 'a list of origins such as https://dom.example' }),
  token: z
    .string()
    .regex(/^[\w.~+/=-]{32,512}$/)
    .optional()
    .describe(
      'Bearer token of callers on this machine; without it one is made. It is kept in the file `token` of the data folder.',
    )
    .register(keyFacts, { secret: 'whole', valid: '32 to 512 letters, digits and the characters _.~+/=-' }),
  oauth: oauthSchema.optional(),
  ...quotaShape,
});

const logSchema = z.strictObject({
  level: z
    .enum(LOG_LEVELS)
    .describe('Least severe entries that are kept.')
    .register(keyFacts, { defaultText: defaultByMode('log.level') }),
  form: z
    .enum(LOG_FORMS)
    .describe('How entries look on a terminal: `pretty` or a line of JSON each, as in files and pipes.')
    .register(keyFacts, { defaultText: defaultByMode('log.form') }),
  file: path
    .optional()
    .describe('File that the log is appended to; without it the log goes to stderr.')
    .register(keyFacts, PATH_FACTS),
});

const databaseSchema = z.strictObject({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/)
    .optional()
    .describe('Postgres to use. Without it and without host, user and the like, an embedded one is started.')
    .register(keyFacts, { env: 'DATABASE_URL', secret: 'url', valid: 'a URL that starts with postgresql://' }),
  host: z.string().min(1).default('localhost').describe('Host of the Postgres to use, in place of a URL.'),
  port: z.number().int().min(1).max(PORT_MAX).default(5432).describe('Port of that Postgres.'),
  database: z.string().min(1).default('lightdom').describe('Name of the database there.'),
  user: z.string().min(1).default('postgres').describe('User to log in as.'),
  password: z
    .string()
    .optional()
    .describe('Password of that user.')
    .register(keyFacts, { secret: 'whole', valid: 'text' }),
  durability: z
    .enum(DURABILITIES)
    .describe('Embedded Postgres only: `relaxed` may lose the last moments in a power cut and is faster.')
    .register(keyFacts, { defaultText: defaultByMode('database.durability') }),
});

const graphSchema = z.strictObject({
  maxFileBytes: z
    .number()
    .int()
    .min(1_000)
    .max(100_000_000)
    .default(1_000_000)
    .describe('Larger source files are listed but not indexed.'),
  workerMemoryMb: z
    .number()
    .int()
    .min(256)
    .max(1_048_576)
    .default(4096)
    .describe('Heap limit of the index worker, in megabytes.'),
  engine: z
    .enum(['auto', 'ts-morph', 'ts7', 'oxc'])
    .default('auto')
    .describe(
      'What resolves types: ts7 is the native compiler; auto falls back to ts-morph where it does not run. oxc knows syntax alone.',
    ),
  compilerMemoryMb: z
    .number()
    .int()
    .min(128)
    .max(1_048_576)
    .default(4096)
    .describe('Memory that the native compiler tries to stay within, in megabytes.'),
  watch: z
    .boolean()
    .default(true)
    .describe('Follows edits: a graph that was asked about is kept in step with its files.'),
  layers: z
    .array(z.string().min(1).max(400))
    .max(50)
    .default([])
    .describe('Layers that findings are collected for: `src/core/** !> src/server/**`: may not import.'),
});

const runsSchema = z.strictObject({
  workers: z
    .number()
    .int()
    .min(0)
    .max(32)
    .default(1)
    .describe('Worker processes that the master starts; 0: the master executes runs itself.'),
  concurrency: z.number().int().min(1).max(64).default(2).describe('Runs that one worker executes at a time.'),
  batchConcurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Parts of large runs (queue `batches`) that one worker executes at a time.'),
  retentionDays: z
    .number()
    .int()
    .min(0)
    .max(3_650)
    .default(30)
    .describe('Age in days at which ended runs are deleted; 0 keeps them for ever.'),
});

export const configSchema = z.strictObject({
  autoStart: z
    .boolean()
    .default(true)
    .describe('Run all phases at the start; when off, only the core services come up.'),
  autoIndex: z
    .boolean()
    .default(false)
    .describe('Index the workspace at the start.')
    .register(keyFacts, { env: 'AUTO_INDEX' }),
  autoAgent: z
    .boolean()
    .default(false)
    .describe('Start the autonomous agent.')
    .register(keyFacts, { env: 'AUTO_AGENT' }),
  autoCampaign: z
    .boolean()
    .default(false)
    .describe('Start the default campaigns.')
    .register(keyFacts, { env: 'AUTO_CAMPAIGN' }),
  mode: z
    .enum(MODES)
    .default(DEFAULT_MODE)
    .describe('Operation mode: it chooses defaults, and what is refused.')
    .register(keyFacts, { env: 'NODE_ENV', envWords: { test: 'testing' } }),
  dataDir: path
    .describe('Folder of the embedded database, the token and the log of this user.')
    .register(keyFacts, { ...PATH_FACTS, defaultText: 'data folder of the user' }),
  workspace: path
    .describe('Repository to work on.')
    .register(keyFacts, { ...PATH_FACTS, defaultText: 'current folder' }),
  workspaces: z.strictObject({
    roots: z
      .array(path)
      .max(1_000)
      .default([])
      .describe('Further folders that may be worked on; the workspace itself always may.')
      .register(keyFacts, { isPath: true, valid: 'a list of folder paths' }),
  }),
  http: httpSchema,
  mcp: mcpSchema,
  audit: auditSchema,
  log: logSchema,
  database: databaseSchema,
  ai: aiSchema,
  github: githubSchema,
  tracing: tracingSchema,
  graph: graphSchema,
  runs: runsSchema,
  services: servicesSchema,
});

export type Config = DeepReadonly<z.output<typeof configSchema>>;

/** What a program, a file or flags may give: any part of the tree. */
export type ConfigInput = DeepPartial<z.input<typeof configSchema>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly Item[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;
