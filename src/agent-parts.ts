import type { AgentDaemon, AgentHealInput, AgentService, HealKit, PatchModel } from './agent/index.ts';
import {
  AgentDaemon as Daemon,
  AgentService as Agent,
  AgentStore,
  AttemptStore,
  createVerifier,
  agentModeOf,
  OutcomeStore,
  PullRequestStore,
  TranscriptStore,
} from './agent/agent-runtime.ts';
import { createFixHosting } from './agent-hosting.ts';
import { CheckoutService } from './checkouts/checkout-runtime.ts';
import type { Config } from './core/config/index.ts';
import type { Database } from './core/db/index.ts';
import type { Log } from './core/log.ts';
import type { RunIsolated } from './core/process/index.ts';
import type { FindingService } from './findings/index.ts';
import {
  createBiomeFixer,
  createDeadCodeFixer,
  createDependencyFixer,
  createDocsFixer,
  createEslintFixer,
  createImportCycleFixer,
  createOxlintFixer,
  createRecipeFixer,
  createUnusedExportFixer,
  FixerSet,
  TypescriptFixer,
} from './fixers/fixers-runtime.ts';
import type { GitReader } from './git/index.ts';
import type { GitHostingDeps } from './git-hosting.ts';
import { importersOfFile } from './graph/graph-runtime.ts';
import type { GraphService } from './graph/index.ts';
import type { RunService } from './runs/index.ts';

export interface AgentPartsDeps {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  readonly runIsolated: RunIsolated;
  readonly graph: GraphService;
  readonly runs: RunService;
  readonly findings: FindingService;
  readonly git: GitReader;
  readonly hosting: GitHostingDeps;
  readonly model: PatchModel | undefined;
}

export interface AgentParts {
  readonly agent: AgentService;
  /** What heals by itself, once it is started. */
  readonly daemon: AgentDaemon;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const PRIOR_COMMITS = 3;
const MAX_TEXT_BYTES = 1024 * 1024;

/** The healing agent with all that it works with. */
export function buildAgent(deps: AgentPartsDeps): AgentParts {
  const { config, log, runIsolated, graph, runs, git } = deps;
  const settings = config.services.agent;
  const checkouts = new CheckoutService({ dataDir: config.dataDir, log, runIsolated });
  const fixers = allFixers(log);
  const agent = new Agent({
    ...healKit(deps, { checkouts, fixers }),
    runs,
    graph,
    git,
    schedule: () => ({ isAutonomous: daemon.isRunning(), nextRunAt: daemon.nextRunAt() }),
  });
  const daemon = new Daemon({
    log,
    intervalMs: settings.intervalMinutes * MINUTE_MS,
    heal: async (signal) => {
      await indexed({ graph, runs }, signal);
      return (await agent.startHeal(autonomousInput(settings))).runId;
    },
    follow: () => agent.followOpen(),
  });
  agent.register();
  return { agent, daemon, close: () => closeBoth(checkouts, fixers) };
}

async function closeBoth(checkouts: CheckoutService, fixers: FixerSet): Promise<void> {
  await checkouts.close();
  await fixers.close();
}

function healKit(
  { config, database, graph, runs, findings, git, model, hosting }: AgentPartsDeps,
  { checkouts, fixers }: { readonly checkouts: CheckoutService; readonly fixers: FixerSet },
): HealKit {
  const settings = config.services.agent;
  const importersOf = async (root: string, path: string): Promise<readonly string[]> => {
    const open = await graph.findView(root);
    return open === undefined ? [] : importersOfFile(open.view, path);
  };
  return {
    findings,
    runs,
    tasks: new AgentStore(database),
    attempts: new AttemptStore(database),
    transcripts: new TranscriptStore(database),
    outcomes: new OutcomeStore(database),
    pullRequests: new PullRequestStore(database),
    checkouts,
    fixers,
    model,
    hosting: createFixHosting({ ...hosting, checkouts }),
    settings,
    priorTexts: ({ folder, path, signal }) =>
      git.priorTexts({ folder, path, commits: PRIOR_COMMITS }, { maxBytes: MAX_TEXT_BYTES, signal }),
    verifierFor: (request) => createVerifier({ settings, importersOf }, request),
    now: () => Date.now(),
  };
}

/** Findings of the graph need one; at a start its first index is under way. However that ends, the others can be mended. */
async function indexed({ graph, runs }: Pick<AgentPartsDeps, 'graph' | 'runs'>, signal: AbortSignal): Promise<void> {
  const { activeRunId } = await graph.summary();
  if (activeRunId !== undefined) await runs.waitFor(activeRunId, { signal });
}

function autonomousInput({ maxTasks, minSeverity, ...settings }: HealKit['settings']): AgentHealInput {
  return { maxTasks, minSeverity, mode: agentModeOf(settings) };
}

/** In the order in which they are asked: of the same fix the first one stays. */
function allFixers(log: Log): FixerSet {
  return new FixerSet({
    log,
    fixers: [
      new TypescriptFixer({ log }),
      createEslintFixer(),
      createBiomeFixer(),
      createOxlintFixer(),
      createUnusedExportFixer(),
      createDeadCodeFixer(),
      createImportCycleFixer(),
      createDependencyFixer(),
      createDocsFixer(),
      createRecipeFixer(),
    ],
  });
}
