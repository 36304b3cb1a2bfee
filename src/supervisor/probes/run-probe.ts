import { connect } from 'node:net';
import { AppError } from '../../core/errors.ts';
import { childEnvironment } from '../../core/config/index.ts';
import { answerOf } from '../../core/bounded-fetch.ts';
import { runProcess } from '../../core/process/index.ts';
import type { Probe } from '../manifest/probe-schema.ts';

/** What a probe is asked of. */
export interface ProbeTarget {
  readonly cwd?: string | undefined;
  /** Beside the harmless part of our environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the process, since it was started, has written a line in which the text stands. */
  hasSaid(text: string): boolean;
}

const READ_BYTES = 64 * 1024;
const OUTPUT_BYTES = 1024 * 1024;

/** Returns when the probe has passed, and throws why it has not. It ends with the signal. */
export async function runProbe(probe: Probe, target: ProbeTarget, signal: AbortSignal): Promise<void> {
  switch (probe.type) {
    case 'http':
      return askHttp(probe, signal);
    case 'tcp':
      return askTcp(probe, signal);
    case 'command': {
      const [file = '', ...args] = probe.command;
      const cwd = target.cwd === undefined ? {} : { cwd: target.cwd };
      const env = childEnvironment(target.env);
      await runProcess(file, args, { ...cwd, env, signal, maxOutputBytes: OUTPUT_BYTES, endsGroup: true });
      return;
    }
    case 'log':
      if (target.hasSaid(probe.contains)) return;
      throw new AppError('not_ready', `no line with ${JSON.stringify(probe.contains)} yet`);
    case 'function':
      return within(probe.check(signal), signal);
  }
}

async function askHttp(probe: Extract<Probe, { type: 'http' }>, signal: AbortSignal): Promise<void> {
  const { status, text } = await answerOf(new URL(probe.url), { maxBytes: READ_BYTES, signal });
  if (status < 200 || status >= 400) throw new AppError('not_ready', `${probe.url} answered ${status}`);
  if (probe.contains === undefined || text.includes(probe.contains)) return;
  throw new AppError('not_ready', `the answer of ${probe.url} does not contain ${JSON.stringify(probe.contains)}`);
}

function askTcp({ port, host }: Extract<Probe, { type: 'tcp' }>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}

/** A function that does not listen is not waited for. */
function within(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error('it was given up'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}
