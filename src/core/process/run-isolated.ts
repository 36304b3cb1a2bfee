import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../errors.ts';
import { notStarted, startIsolated } from './isolated-child.ts';
import type { ChildExit, Course, IsolatedChild } from './isolated-child.ts';
import type { IsolatedRequest, IsolatedResult, RunIsolated } from './isolated-run.ts';
import { findShelter, openScratch } from './isolation-shelter.ts';
import type { Shelter } from './isolation-shelter.ts';
import { endFamily, familyBytes } from './process-family.ts';
import { TailRing } from './tail-ring.ts';

/** Who writes so much more than is kept does not come to an end. */
const OUTPUT_FACTOR = 16;
const MEMORY_PERIOD_MS = 150;
/** Outputs are closed with the last process that holds them. */
const LAST_OUTPUT_MS = 1_000;
const BYTES_PER_MB = 1024 * 1024;

/** A runner that finds out once what this machine can do. */
export function createRunIsolated(): RunIsolated {
  let shelter: Promise<Shelter> | undefined;
  return async (request) => {
    throwIfAborted(request);
    shelter ??= findShelter();
    const course = { shelter: await shelter, request, scratch: openScratch() };
    try {
      return await runCourse(course);
    } finally {
      course.scratch.remove();
    }
  };
}

/** Runs one program shut in. Who runs many holds what {@link createRunIsolated} makes: this tries the machine out each time. */
export function runIsolated(request: IsolatedRequest): Promise<IsolatedResult> {
  return createRunIsolated()(request);
}

type Ending = IsolatedResult['endedBy'];

async function runCourse(course: Course): Promise<IsolatedResult> {
  const { shelter, request } = course;
  const beginMs = performance.now();
  const child = await startIsolated(course);
  let stopped: Ending | undefined;
  const stop = (reason: Ending): void => {
    stopped ??= reason;
    void endFamily(child.family);
  };
  const outputs = readOutputs(child, request.maxOutputBytes, () => stop('output'));
  const release = watch(request, child, stop);
  const exit = await child.exited;
  release();
  await endFamily(child.family);
  const { stdout, stderr, hasBegun } = await outputs.finish();
  throwIfAborted(request);
  if (stopped === undefined && shelter.confinement.network && !hasBegun) throw notStarted(request, stderr.trim());
  const end = stopped === undefined ? endOf(shelter, exit) : { exitCode: undefined, endedBy: stopped };
  return { ...end, stdout, stderr, durationMs: performance.now() - beginMs, confinement: shelter.confinement };
}

/** A shell is in between where there are namespaces: it tells a signal as 128 and its number. */
function endOf({ confinement }: Shelter, { code }: ChildExit): Pick<IsolatedResult, 'exitCode' | 'endedBy'> {
  const isSignal = code === null || (confinement.network && code > 128 && code <= 192);
  return isSignal ? { exitCode: undefined, endedBy: 'signal' } : { exitCode: code, endedBy: 'exit' };
}

interface Outputs {
  readonly stdout: string;
  readonly stderr: string;
  readonly hasBegun: boolean;
}

function readOutputs(
  { stdout, stderr, told }: IsolatedChild,
  maxBytes: number,
  onTooMuch: () => void,
): { finish(): Promise<Outputs> } {
  const streams = [stdout, stderr, told];
  const rings = streams.map((stream) => {
    const ring = new TailRing(maxBytes);
    stream.on('data', (chunk: Buffer) => {
      ring.push(chunk);
      if (ring.totalBytes > maxBytes * OUTPUT_FACTOR) onTooMuch();
    });
    return ring;
  });
  const closed = Promise.all(streams.map((stream) => closeOf(stream)));
  return {
    async finish() {
      const patience = new AbortController();
      await Promise.race([closed, delay(LAST_OUTPUT_MS, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      for (const stream of streams) stream.destroy();
      const [out = '', err = '', said = ''] = rings.map((ring) => ring.text());
      return { stdout: out, stderr: err, hasBegun: said.includes('ok') };
    },
  };
}

function closeOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}

/** Ends it for time, memory or because nobody wants it any more. Returns what stops watching. */
function watch(request: IsolatedRequest, { family }: IsolatedChild, stop: (reason: Ending) => void): () => void {
  const { timeoutMs, maxMemoryMb, signal } = request;
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  const meter = setInterval(() => {
    if (familyBytes(family) > maxMemoryMb * BYTES_PER_MB) stop('memory');
  }, MEMORY_PERIOD_MS);
  const onAbort = (): void => stop('signal');
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  return () => {
    clearTimeout(timer);
    clearInterval(meter);
    signal?.removeEventListener('abort', onAbort);
  };
}

function throwIfAborted({ file, signal }: IsolatedRequest): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  if (reason instanceof AppError) throw reason;
  throw new AppError('cancelled', `${file} was cancelled: ${messageOf(reason)}.`, { cause: reason });
}
