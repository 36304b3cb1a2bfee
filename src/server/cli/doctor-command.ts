import { accessSync, constants, statSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import type { Command } from 'commander';
import { databaseUrlOf } from '../../core/config/index.ts';
import { findOwner, openDataFolder } from '../../core/data-folder/index.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { summarizeModel } from '../../core/llm/index.ts';
import { findConfinement, runProcess } from '../../core/process/index.ts';
import { addCommonOptions, openSession } from './cli-session.ts';
import type { CliDeps, CliSession } from './cli-session.ts';

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'missing' | 'off';
  readonly detail: string;
}

const OLDEST_NODE = [20, 19] as const;

export function doctorCommand(program: Command, deps: CliDeps): void {
  const command = program.command('doctor').description('check what LightDom needs here, and say what is missing');
  addCommonOptions(command).action(async () => {
    const session = openSession(deps, command);
    const findings = await examine(session);
    const lines = findings.map(({ check, state, detail }) => `${state.padEnd(7)} ${check}: ${detail}`);
    session.output.result(findings, lines.join('\n'));
    const missing = findings.filter(({ state }) => state === 'missing');
    if (missing.length > 0) {
      throw new AppError('not_configured', `${missing.map(({ check }) => check).join(', ')}: not as needed.`);
    }
  });
}

async function examine(session: CliSession): Promise<readonly Finding[]> {
  const { config } = session.loaded;
  const folder = openDataFolder(config.dataDir);
  const owner = findOwner(folder.path);
  return [
    nodeFinding(),
    await gitFinding(session.signal),
    await databaseFinding(session),
    folderFinding('data folder', folder.path, constants.W_OK),
    folderFinding('workspace', config.workspace, constants.R_OK),
    owner === undefined
      ? await portFinding(config.http.host, config.http.port)
      : { check: 'master', state: 'ok', detail: `runs, pid ${owner.pid}, ${owner.url ?? 'no HTTP'}` },
    { check: 'model', ...summarizeModel(config.ai) },
    await isolationFinding(),
    optional('github.token', config.github.token),
  ];
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = `${process.versions.node} (needs ${OLDEST_NODE.join('.')} or newer)`;
  return { check: 'node', state: isNewEnough ? 'ok' : 'missing', detail };
}

async function gitFinding(signal: AbortSignal): Promise<Finding> {
  try {
    const { stdout } = await runProcess('git', ['--version'], { signal });
    return { check: 'git', state: 'ok', detail: stdout.trim() };
  } catch (error) {
    return { check: 'git', state: 'missing', detail: `${messageOf(error)}; on Debian: apt-get install git` };
  }
}

async function databaseFinding(session: CliSession): Promise<Finding> {
  const { describePostgresSources } = await import('../../core/db/index.ts');
  const source = describePostgresSources(databaseUrlOf(session.loaded));
  return { check: 'database', state: source.available ? 'ok' : 'missing', detail: source.detail };
}

/** It is of use without, too: each result says what was in force. */
async function isolationFinding(): Promise<Finding> {
  const { network, mounts, pids, memory } = await findConfinement();
  const held = Object.entries({ network, mounts, pids, memory }).flatMap(([name, isHeld]) => (isHeld ? [name] : []));
  if (mounts)
    return { check: 'isolation', state: 'ok', detail: `programs of a repository are confined in ${held.join(', ')}` };
  const detail = `programs of a repository are confined in ${held.join(', ') || 'nothing'} alone; namespaces need Linux with util-linux, and root or user namespaces`;
  return { check: 'isolation', state: 'off', detail };
}

function folderFinding(check: string, path: string, mode: number): Finding {
  try {
    accessSync(path, mode);
    const isFolder = statSync(path).isDirectory();
    return { check, state: isFolder ? 'ok' : 'missing', detail: isFolder ? path : `${path} is not a folder` };
  } catch (error) {
    return { check, state: 'missing', detail: messageOf(error) };
  }
}

function portFinding(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      resolve({ check: 'port', state: 'missing', detail: `${error.message}; choose another with --port` });
    });
    probe.listen(port, host, () => {
      probe.close(() => resolve({ check: 'port', state: 'ok', detail: `${host}:${port} is free` }));
    });
  });
}

function optional(check: string, value: string | undefined): Finding {
  const isSet = value !== undefined && value !== '';
  return {
    check,
    state: isSet ? 'ok' : 'off',
    detail: isSet ? 'configured' : `not configured (optional; \`lightdom secret set ${check}\`)`,
  };
}
