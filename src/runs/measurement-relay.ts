import type { EventSource } from '../core/events.ts';
import type { RunServiceEvents } from './run-events.ts';
import type { RunMeasurement } from './run-measurement.ts';

/** A message for each step would cost more than a short step. */
const GATHER_MS = 1_000;
const MAX_GATHERED = 500;

export interface MeasuredMessage {
  readonly measured: readonly RunMeasurement[];
}

/** Sends what a worker process measures to its master, which is asked for the numbers. Returns what sends the last and ends. */
export function relayMeasurements(
  events: EventSource<RunServiceEvents>,
  send: (message: MeasuredMessage) => void,
): () => void {
  let gathered: RunMeasurement[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length > 0) send({ measured: gathered });
    gathered = [];
  };
  const stop = events.on('measured', (measured) => {
    gathered.push(measured);
    if (gathered.length >= MAX_GATHERED) return flush();
    timer ??= setTimeout(flush, GATHER_MS).unref();
  });
  return () => {
    stop();
    flush();
  };
}
