import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { childEnvironment } from '../config/index.ts';
import { isSameLiveProcess, processStartOf } from '../process-identity.ts';
import { hasProgram } from './find-program.ts';
import type { Confinement } from './isolated-run.ts';
import { planMounts } from './mount-plan.ts';
import type { MountWishes } from './mount-plan.ts';
import { MOUNT_SCRIPT, NETWORK_SCRIPT } from './mount-script.ts';

/** How programs are shut in on this machine, by this user. */
export interface Shelter {
  readonly confinement: Confinement;
  /** The words in front of a program. Descriptor 3 says `ok` before it begins, if there are namespaces. */
  wrap(inside: Sheltered): readonly string[];
}

export interface Sheltered {
  readonly program: readonly string[];
  readonly cwd: string;
  readonly stage: string;
  readonly wishes: MountWishes;
}

const NAMESPACES = ['--net', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
/** Whoever is killed takes what it started along: the kernel tells the child of its parent's end. */
const WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'];
const PROBE_MS = 10_000;

const ownIds = (): string[] => [`${process.getuid?.()}`, `${process.getgid?.()}`];
const isRoot = (): boolean => process.getuid?.() === 0;

/** The strongest that works here, which is tried out. Takes some tens of milliseconds. */
export async function findShelter(): Promise<Shelter> {
  removeAbandoned();
  const memory = process.platform === 'linux';
  const names = childEnvironment();
  const hasTools = memory && ['unshare', 'setpriv', 'mount', 'sh'].every((name) => hasProgram(name, names));
  if (hasTools) {
    for (const shelter of isRoot()
      ? [mounted([]), mounted(['-r']), netOnly(['-r'])]
      : [mounted(['-r']), netOnly(['-r'])]) {
      if (await isWorking(shelter)) return shelter;
    }
  }
  const hasDeathSignal = memory && hasProgram('setpriv', names);
  return {
    confinement: { network: false, mounts: false, pids: false, memory },
    wrap: ({ program }) => (hasDeathSignal ? [...WITH_US, ...program] : program),
  };
}

/** What would be in force around a program of a repository on this machine. */
export async function findConfinement(): Promise<Confinement> {
  return (await findShelter()).confinement;
}

function mounted(user: readonly string[]): Shelter {
  // Back to who we are: many a program treats root in another way.
  const owner = user.length === 0 ? ['', ''] : ownIds();
  return {
    confinement: { network: true, mounts: true, pids: true, memory: true },
    wrap: ({ program, cwd, stage, wishes }) => {
      const steps = [...planMounts(wishes), 'run', ...owner, cwd];
      const shell = ['sh', '-c', MOUNT_SCRIPT, 'sh', stage];
      return [...WITH_US, 'unshare', ...user, ...NAMESPACES, '--', ...shell, ...steps, ...program];
    },
  };
}

/** What it starts ends with it, but it sees the processes of others. */
function netOnly(user: readonly string[]): Shelter {
  const namespaces = ['--net', '--pid', '--ipc', '--fork', '--kill-child'];
  return {
    confinement: { network: true, mounts: false, pids: false, memory: true },
    wrap: ({ program, cwd }) => {
      const shell = ['sh', '-c', NETWORK_SCRIPT, 'sh', ...ownIds(), cwd];
      return [...WITH_US, 'unshare', ...user, ...namespaces, '--', ...shell, ...program];
    },
  };
}

async function isWorking(shelter: Shelter): Promise<boolean> {
  const scratch = openScratch();
  try {
    const temporary = { folder: scratch.standIn, places: [] };
    const wishes = { hidden: [], writable: [scratch.home], readOnly: [], readable: [], temporary };
    const [file = '', ...args] = shelter.wrap({ program: ['true'], cwd: '/', stage: scratch.stage, wishes });
    return await new Promise((resolve) => {
      const stdio = ['ignore', 'ignore', 'ignore', 'ignore'] as const;
      const child = spawn(file, args, { stdio: [...stdio], env: childEnvironment(), timeout: PROBE_MS });
      child.once('error', () => resolve(false));
      child.once('exit', (code) => resolve(code === 0));
    });
  } finally {
    scratch.remove();
  }
}

/** Folders of one run; all of it is deleted afterwards. */
export interface Scratch {
  readonly home: string;
  readonly temporary: string;
  /** In place of the folders for temporary files that all share. */
  readonly standIn: string;
  readonly stage: string;
  remove(): void;
}

const SCRATCH = 'lightdom-isolated-';

export function openScratch(): Scratch {
  const owner = `${process.pid}-${processStartOf(process.pid)}-`;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${SCRATCH}${owner}`)));
  const [home = '', temporary = '', standIn = '', stage = ''] = ['home', 'tmp', 'shared', 'stage'].map((name) =>
    join(folder, name),
  );
  for (const path of [home, temporary, standIn, stage]) mkdirSync(path);
  return { home, temporary, standIn, stage, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What processes that were killed left behind. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid, processStart = ''] = new RegExp(`^${SCRATCH}(\\d+)-(\\d*)-`).exec(name) ?? [];
    if (pid === undefined || isSameLiveProcess({ pid: Number(pid), processStart })) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
