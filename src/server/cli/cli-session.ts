import { getEventListeners } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { z } from 'zod';
import { loadConfig, parseSetFlags } from '../../core/config/index.ts';
import type { LoadedConfig } from '../../core/config/index.ts';
import { AppError } from '../../core/errors.ts';
import { createLateLog } from '../../core/log.ts';
import type { Log } from '../../core/log.ts';
import type { Orchestrator } from '../../orchestrator/index.ts';
import type { Services } from '../../services.ts';
import type { Catalog } from '../../surface/index.ts';
import type { SurfaceBackend } from '../mcp/surface-backend.ts';
import type { ReviewedManifest } from './reviewed-manifest.ts';
import { createOutput } from './cli-output.ts';
import type { CliOutput } from './cli-output.ts';

/** A master that this process can run itself. */
export interface CliMaster {
  readonly orchestrator: Orchestrator;
  /** Resolves once the core services are up; rejects when they could not come up. */
  services(): Promise<Services>;
  readonly backend: SurfaceBackend;
  /** Base URL of the HTTP surface while it listens. */
  url(): string | undefined;
}

/** A process that executes runs and serves nobody. */
export interface CliWorker {
  /** Returns the id under which it executes. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

export interface CliWorkerOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly queues: readonly string[] | undefined;
}

/** What the executable gives to the command line. */
export interface CliDeps {
  readonly version: string;
  /** The file that this executable is. */
  readonly mainFile: string;
  readonly catalog: Catalog;
  /** Both load what they are made of first: most commands need neither. */
  createMaster(session: Pick<CliSession, 'loaded' | 'log' | 'isBrief' | 'hurry'>): Promise<CliMaster>;
  createWorker(options: CliWorkerOptions): Promise<CliWorker>;
  /** The manifest of that file, else of the configuration, else of the workspace. Throws `invalid_input` for mistakes. */
  reviewManifest(loaded: LoadedConfig, file?: string): Promise<ReviewedManifest | undefined>;
}

/** One invocation: its configuration, log and output. */
export interface CliSession {
  readonly deps: CliDeps;
  readonly loaded: LoadedConfig;
  readonly log: Log;
  readonly output: CliOutput;
  /** A master of this process lives for one command alone. */
  readonly isBrief: boolean;
  /** Stops waiting: aborted at SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Ends what is still being stopped: aborted at the second one. */
  readonly hurry: AbortSignal;
}

const optionsSchema = z.object({
  workspace: z.string().optional(),
  dataDir: z.string().optional(),
  config: z.string().optional(),
  port: z.string().optional(),
  logLevel: z.string().optional(),
  toolsets: z.string().optional(),
  tools: z.string().optional(),
  excludeTools: z.string().optional(),
  readOnly: z.boolean().optional(),
  compact: z.boolean().optional(),
  set: z.array(z.string()).default([]),
  json: z.boolean().default(false),
});

/** The options that every command takes. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--workspace <dir>', 'repository to work on (default: the current folder)')
    .option('--data-dir <dir>', 'where the database and the token live (default: per user)')
    .option('--config <file>', 'configuration file (JSON)')
    .option('--port <n>', 'port of the HTTP surface (0: any free one)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent')
    .option('--set <key=value>', 'any configuration key, repeatable', collect, [])
    .option('--json', 'one JSON document on stdout, everything else on stderr');
}

/** The options of commands that serve tools or call one. */
export function addPolicyOptions(command: Command): Command {
  return command
    .option('--toolsets <ids>', 'toolsets that are listed, with commas: default, all, graph,runs')
    .option('--tools <names>', 'further tools that are listed, with commas')
    .option('--exclude-tools <names>', 'tools that nobody may call, with commas')
    .option('--read-only', 'only tools that change nothing')
    .option('--compact', 'list at most 16 tools, in fewer tokens');
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** Dotted configuration keys with their values. */
type Settings = Readonly<Record<string, unknown>>;

interface SessionOptions {
  readonly overrides?: Settings;
  readonly defaults?: Settings;
  readonly isBrief?: boolean;
}

/**
 * Reads options and configuration of one invocation. `overrides` are what the command itself fixes, before the options
 * of the user; `defaults` count only where nobody else says anything.
 */
export function openSession(
  deps: CliDeps,
  command: Command,
  { overrides = {}, defaults = {}, isBrief = false }: SessionOptions = {},
): CliSession {
  const options = optionsSchema.parse(command.optsWithGlobals());
  const named = {
    workspace: options.workspace,
    dataDir: options.dataDir,
    'http.port': options.port,
    'log.level': options.logLevel,
    'mcp.toolsets': options.toolsets,
    'mcp.tools': options.tools,
    'mcp.excludeTools': options.excludeTools,
    'mcp.readOnly': options.readOnly,
    'mcp.profile': options.compact === true ? 'compact' : undefined,
  };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const load = (more: Settings): LoadedConfig =>
    loadConfig({
      flags: { ...more, ...overrides, ...parseSetFlags(options.set), ...Object.fromEntries(given) },
      ...(options.config === undefined ? {} : { configFile: options.config }),
    });
  const first = load({});
  const unsaid = Object.entries(defaults).filter(([key]) => first.origins.get(key) === 'default');
  const loaded = unsaid.length === 0 ? first : load(Object.fromEntries(unsaid));
  return {
    deps,
    loaded,
    log: createLateLog(loaded.config.log),
    output: createOutput(options.json),
    isBrief,
    ...interruptSignals(),
  };
}

/** One Ctrl-C reaches us twice when a parent in the same terminal passes it on as well. */
const SAME_SIGNAL_MS = 1_000;

/** For whoever hurries: to kill what is still there. */
const HURRY_MS = 3_000;

/** The second SIGINT or SIGTERM ends the process, at once where nobody has something to kill before. */
function interruptSignals(): Pick<CliSession, 'signal' | 'hurry'> {
  const controller = new AbortController();
  const hurry = new AbortController();
  let firstAtMs = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAtMs <= SAME_SIGNAL_MS) return;
      if (hurry.signal.aborted || getEventListeners(hurry.signal, 'abort').length === 0) process.exit(130);
      hurry.abort();
      setTimeout(() => process.exit(130), HURRY_MS).unref();
      return;
    }
    firstAtMs = performance.now();
    controller.abort(new AppError('cancelled', `Interrupted by ${name}.`));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal: controller.signal, hurry: hurry.signal };
}
