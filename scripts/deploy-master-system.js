#!/usr/bin/env node
/**
 * Deploys this checkout on this machine: checks, builds, puts the build aside as a release, exchanges the master, waits
 * until it is ready, and goes back to the former release when it is not. docs/deployment.md says more.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Checkout } from './deploy/checkout.js';
import { Deployment } from './deploy/deployment.js';
import { DeploymentLog } from './deploy/deployment-log.js';
import { ENVIRONMENTS, masterOptions, masterVariables, placeOf } from './deploy/environments.js';
import { MasterControl } from './deploy/master-control.js';
import { ReleaseStore } from './deploy/release-store.js';

/** @typedef {import('./deploy/deployment-log.js').LogEntry} LogEntry */

const USAGE = `node scripts/deploy-master-system.js [staging|production|testing] [options]

Without a name it deploys to staging. Exit codes: 0 ready, 1 failed, 2 usage, 3 rolled back to the former release.

  --home DIR           folder of releases, data and the master's log (default: per user and environment)
  --workspace DIR      repository to work on (default: this checkout)
  --port N             port of the master (0: any free one)
  --log FILE           where each step is appended, a line of JSON each (default: .deployment-log.json)
  --ready-timeout S    seconds until the master must be ready (default: 120)
  --allow-dirty        production too with files that are not committed
  --skip-build         take dist as it is
  --skip-tests         no unit tests before production
  --dry-run            say what would be done, and do nothing
  --json               steps as lines of JSON
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EXIT_CODES = { done: 0, failed: 1, rolled_back: 3 };
const MAX_TIMEOUT_S = 3_600;

const optionsSchema = z.object({
  name: z.enum(['staging', 'production', 'testing']),
  home: z.string().optional(),
  workspace: z.string(),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  log: z.string(),
  'ready-timeout': z.coerce.number().min(1).max(MAX_TIMEOUT_S),
});

process.exitCode = await main();

async function main() {
  const read = readUsage();
  if (read === undefined) return 2;
  if (!read.flags.help) return deploy(read.given, read.flags);
  process.stdout.write(USAGE);
  return 0;
}

/** Undefined, with the reason and the usage on stderr, where it was called in another way. */
function readUsage() {
  try {
    const { values: flags, positionals } = readArguments();
    return { flags, given: optionsSchema.parse({ name: positionals[0] ?? 'staging', ...flags }) };
  } catch (error) {
    const text = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    process.stderr.write(`${text}\n\n${USAGE}`);
    return undefined;
  }
}

function readArguments() {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const read = parseArgs({
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      workspace: { type: 'string', default: ROOT },
      port: { type: 'string' },
      log: { type: 'string', default: join(ROOT, '.deployment-log.json') },
      'ready-timeout': { type: 'string', default: '120' },
      'allow-dirty': flag,
      'skip-build': flag,
      'skip-tests': flag,
      'dry-run': flag,
      json: flag,
      help: flag,
    },
  });
  if (read.positionals.length > 1)
    throw new TypeError(`One environment at a time, not ${read.positionals.join(', ')}.`);
  return read;
}

/**
 * @param {z.output<typeof optionsSchema>} given
 * @param {ReturnType<typeof readArguments>['values']} flags
 */
async function deploy(given, flags) {
  const environment = ENVIRONMENTS[given.name];
  const { home, dataDir } = placeOf(given.name, given.home === undefined ? undefined : resolve(given.home));
  const where = { dataDir, workspace: resolve(given.workspace), port: given.port ?? environment.port };
  const options = masterOptions(environment, where);
  const isDry = flags['dry-run'];
  const deploymentId = `deploy-${Date.now()}-${randomUUID().slice(0, 8)}`;
  const show = flags.json ? (/** @type {LogEntry} */ entry) => console.log(JSON.stringify(entry)) : showEntry;
  const about = { deploymentId, environment: given.name };
  const log = new DeploymentLog(about, { file: isDry ? undefined : resolve(given.log), show });
  const checkout = new Checkout(ROOT);
  if (isDry) {
    plan(log, { checkout, options, home });
    return 0;
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const deployment = new Deployment(
    {
      deploymentId,
      environment,
      masterOptions: options,
      isBuilt: flags['skip-build'],
      isTested: flags['skip-tests'],
      isDirtyAllowed: flags['allow-dirty'],
      readyTimeoutMs: given['ready-timeout'] * 1_000,
    },
    {
      log,
      checkout,
      releases: new ReleaseStore(home),
      master: new MasterControl({
        dataDir,
        logFile: join(home, 'master.log'),
        variables: masterVariables(environment),
      }),
    },
  );
  return EXIT_CODES[await deployment.run()];
}

/**
 * @param {DeploymentLog} log
 * @param {{ checkout: Checkout, options: readonly string[], home: string }} about
 */
function plan(log, { checkout, options, home }) {
  log.skip('check', `would look at Node and at what is not committed in ${checkout.root} (${checkout.commit()})`);
  log.skip('build', 'would build it');
  log.skip('test', 'would run the unit tests, for production');
  log.skip('doctor', 'would look for what is missing on this machine');
  log.skip('release', `would copy the build into ${join(home, 'releases')}`);
  log.skip('stop', 'would stop the master that runs on the data folder');
  log.skip('start', `would run lightdom start ${options.join(' ')}, and wait until it is ready`);
}

/** @param {LogEntry} entry */
function showEntry({ step, status, durationMs, detail }) {
  console.log(`${status.padEnd(11)} ${step.padEnd(11)} ${String(durationMs).padStart(6)} ms  ${detail}`);
}
