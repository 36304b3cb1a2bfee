import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { childEnvironment } from '../config/index.ts';
import { messageOf } from '../errors.ts';
import { splitLines } from './split-lines.ts';

export interface ForkedNode {
  readonly pid: number | undefined;
  /** Harmless once the channel is gone. Throws a TypeError for what is no object, string, number or boolean. */
  send(message: unknown): void;
  /** Harmless once the process is gone. */
  signal(name: NodeJS.Signals): void;
  /** How it ended, also when it never began: `exit code 0`, `SIGKILL`. Its last lines come before. */
  readonly exited: Promise<string>;
}

export interface ForkOptions {
  onMessage(message: unknown): void;
  /** Of stdout and stderr; a line of more than 8 KB comes in pieces. */
  onLine(line: string): void;
  /** Beside the harmless part of our environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node itself; those that we were started with are not passed on. */
  readonly nodeArgs?: readonly string[];
}

/** What the process started itself may live on and hold its outputs open: nobody waits for that. */
const LAST_LINES_MS = 500;

/**
 * Starts a JavaScript file in a process group of its own, so that Ctrl-C at the terminal reaches us and not it. It shares
 * a channel for messages (JSON) with us; when we end, however that happens, it gets `disconnect` on its `process`.
 */
export function forkNode(entry: string, args: readonly string[], options: ForkOptions): ForkedNode {
  const child = fork(entry, [...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: childEnvironment(options.env),
    execArgv: [...(options.nodeArgs ?? [])],
  });
  child.on('message', (message: unknown) => options.onMessage(message));
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of outputs) splitLines(stream, (line) => options.onLine(line));
  return {
    pid: child.pid,
    send: (message) => sendTo(child, message),
    signal: (name) => void child.kill(name),
    exited: exitOf(child),
  };
}

function sendTo(child: ChildProcess, message: unknown): void {
  if (!isSendable(message)) throw new TypeError(`A message can't be ${String(message)}.`);
  // It may be on its way out; what it does not get then is known by how it ends.
  if (child.connected) child.send(message, () => {});
}

function isSendable(message: unknown): message is object | string | number | boolean {
  return message !== null && ['object', 'string', 'number', 'boolean'].includes(typeof message);
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    // Also what a signal or a message met that came too late.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(messageOf(error));
    });
    child.once('exit', (code, signal) => {
      const letGo = (): void => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(signal ?? `exit code ${code}`);
      };
      const timer = setTimeout(letGo, LAST_LINES_MS);
      child.once('close', () => {
        clearTimeout(timer);
        letGo();
      });
    });
  });
}
