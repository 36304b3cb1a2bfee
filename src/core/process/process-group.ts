import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, systemCodeOf } from '../errors.ts';
import { withJoined } from '../joined-signal.ts';
import { identityOf, isSameLiveProcess } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { signalProcess } from '../process-signal.ts';
import { closeDescriptor, createOutputPipe, reopenOutputPipe } from './output-pipe.ts';
import { listGroup } from './process-table.ts';
import { splitLines } from './split-lines.ts';

export type OutputStream = 'stdout' | 'stderr';

/** How the first process of a group ended. */
export interface GroupExit {
  /** `exit code 0`, `SIGKILL`, `ended` when only that is known. */
  readonly how: string;
  readonly isSuccess: boolean;
}

/** A program and whatever it starts in turn, in a process group of its own. */
export interface ProcessGroup {
  readonly identity: ProcessIdentity;
  /** When its first process has ended; the others may live on until `end`. */
  readonly exited: Promise<GroupExit>;
  /** The signal to all of the group, then after `graceMs`, or as soon as `hurry` is aborted, SIGKILL. Resolves when all are gone. */
  end(options: EndOptions): Promise<void>;
  /** Lets it live on without us; `exited` means nothing from then on. */
  release(): void;
}

export interface EndOptions {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
  readonly hurry?: AbortSignal | undefined;
}

export interface GroupOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the pipes of its output are made (`<path>.stdout`, `<path>.stderr`), so that it can outlive us. */
  readonly pipePath: string;
  onLine(stream: OutputStream, line: string): void;
}

/** What was left behind may hold the outputs open: nobody waits longer for last lines. */
const LAST_LINES_MS = 500;
/** Of a process that is no child of ours nobody tells us the end. */
const WATCH_PERIOD_MS = 100;
const LOOK_PERIOD_MS = 30;
/** The kernel does it at once, but for a process that waits for a device: that one is left to it. */
const KILLED_WITHIN_MS = 5_000;
const STREAMS = ['stdout', 'stderr'] as const;

/** Starts a program without a shell. Throws what the system says when it can't be started (`ENOENT`, `EACCES`). */
export async function startGroup(file: string, args: readonly string[], options: GroupOptions): Promise<ProcessGroup> {
  const pipes = await Promise.all(STREAMS.map((name) => createOutputPipe(`${options.pipePath}.${name}`)));
  try {
    const { cwd, env } = options;
    const descriptors = pipes.map((pipe) => pipe?.descriptor ?? ('pipe' as const));
    const child = spawn(file, [...args], { cwd, env, detached: true, stdio: ['ignore', ...descriptors] });
    const ended = exitOf(child);
    if (child.pid === undefined) throw await ended.failed;
    const outputs = STREAMS.map((name, index) => pipes[index]?.output ?? child[name]);
    const watch = new AbortController();
    watch.signal.addEventListener('abort', () => child.unref());
    return groupOf({ identity: identityOf(child.pid), exited: ended.exited, outputs, watch }, options);
  } catch (error) {
    for (const pipe of pipes) pipe?.output.destroy();
    throw error;
  } finally {
    for (const pipe of pipes) closeDescriptor(pipe?.descriptor);
  }
}

/** A group that was started by a process before us; undefined when its first process is gone. */
export function adoptGroup(
  identity: ProcessIdentity,
  options: Pick<GroupOptions, 'pipePath' | 'onLine'>,
): ProcessGroup | undefined {
  if (!isSameLiveProcess(identity)) return undefined;
  const outputs = STREAMS.map((name) => reopenOutputPipe(`${options.pipePath}.${name}`));
  const watch = new AbortController();
  return groupOf({ identity, exited: watchEnd(identity, watch.signal), outputs, watch }, options);
}

/** Ends a group that nobody holds any more. */
export async function endAbandoned(identity: ProcessIdentity, options: EndOptions): Promise<void> {
  const watch = new AbortController();
  await endGroup(identity.pid, watchEnd(identity, watch.signal), options);
  watch.abort();
}

interface HeldGroup {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<GroupExit>;
  readonly outputs: readonly (Readable | null | undefined)[];
  readonly watch: AbortController;
}

function groupOf(held: HeldGroup, { onLine }: Pick<GroupOptions, 'onLine'>): ProcessGroup {
  const { identity, outputs, watch } = held;
  for (const [index, output] of outputs.entries()) {
    output?.on('error', () => {});
    if (output) splitLines(output, (line) => onLine(STREAMS[index] ?? 'stdout', line));
  }
  const exited = lastLines(held.exited, outputs);
  return {
    identity,
    exited,
    end: (options) => endGroup(identity.pid, exited, options),
    release() {
      watch.abort();
      for (const output of outputs) output?.destroy();
    },
  };
}

async function endGroup(pid: number, exited: Promise<GroupExit>, options: EndOptions): Promise<void> {
  const { signal, graceMs, hurry } = options;
  signalGroup(pid, signal);
  await withJoined({ signals: hurry === undefined ? [] : [hurry], timeoutMs: graceMs }, (patience) =>
    Promise.race([exited.then(() => untilEmpty(pid, patience)), untilAborted(patience)]),
  );
  signalGroup(pid, 'SIGKILL');
  await exited;
  await withJoined({ signals: [], timeoutMs: KILLED_WITHIN_MS }, (patience) => untilEmpty(pid, patience));
}

async function untilEmpty(groupId: number, patience: AbortSignal): Promise<void> {
  while (!patience.aborted && listGroup(groupId).length > 0) await delay(LOOK_PERIOD_MS);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The group keeps its number while any process is in it. On Windows there are no groups: the process alone. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    signalProcess(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // macOS says so of a group in which all are dead and not reaped.
    if (systemCodeOf(error) !== 'EPERM') throw error;
  }
}

function exitOf(child: ChildProcess): { readonly exited: Promise<GroupExit>; readonly failed: Promise<Error> } {
  const failed = new Promise<Error>((resolve) => {
    child.on('error', resolve);
  });
  const exited = new Promise<GroupExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ how: signal ?? `exit code ${code}`, isSuccess: code === 0 }));
  });
  return { exited, failed };
}

async function watchEnd(identity: ProcessIdentity, watch: AbortSignal): Promise<GroupExit> {
  while (!watch.aborted && isSameLiveProcess(identity)) {
    await delay(WATCH_PERIOD_MS, undefined, { signal: watch }).catch(() => {});
  }
  return { how: 'ended', isSuccess: false };
}

async function lastLines(
  exited: Promise<GroupExit>,
  outputs: readonly (Readable | null | undefined)[],
): Promise<GroupExit> {
  const open = outputs.filter((output) => output !== null && output !== undefined);
  const closed = Promise.all(open.map((output) => closeOf(output)));
  const exit = await exited;
  const enough = new AbortController();
  await Promise.race([closed, delay(LAST_LINES_MS, undefined, { signal: enough.signal }).catch(() => {})]);
  enough.abort();
  for (const output of open) output.destroy();
  return exit;
}

function closeOf(output: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (output.closed) resolve();
    else output.once('close', resolve);
  });
}

/** Why a program could not be started, and whether another attempt would end the same way. */
export function describeStartFailure(
  file: string,
  error: unknown,
): { readonly reason: string; readonly isFinal: boolean } {
  const code = systemCodeOf(error) ?? '';
  if (code === 'ENOENT') return { reason: `there is no program \`${file}\`, or its folder is gone`, isFinal: true };
  if (code === 'EACCES') return { reason: `\`${file}\` may not be executed`, isFinal: true };
  return { reason: `${file} could not be started: ${messageOf(error)}`, isFinal: false };
}
