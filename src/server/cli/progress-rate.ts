/** How far something was at a moment. */
export interface ProgressSample {
  readonly atMs: number;
  readonly done: number;
}

/** Long enough to even out batches, short enough to show that it stands still. */
const WINDOW_MS = 10_000;
/** From less time than this a rate would only be noise. */
const SHORTEST_SPAN_MS = 1_000;

/**
 * The samples of the last seconds, with one more. One that is older than the window stays, so that there is always
 * something to measure from; progress that went back, as after a recovery, begins anew.
 */
export function withSample(samples: readonly ProgressSample[], sample: ProgressSample): readonly ProgressSample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.done < last.done) return [sample];
  const firstInside = samples.findIndex(({ atMs }) => sample.atMs - atMs <= WINDOW_MS);
  const kept = firstInside === -1 ? samples.slice(-1) : samples.slice(Math.max(0, firstInside - 1));
  return [...kept, sample];
}

/** Units a second over the samples; undefined while that says nothing. */
export function ratePerSecond(samples: readonly ProgressSample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_SPAN_MS) return undefined;
  return ((last.done - first.done) * 1_000) / (last.atMs - first.atMs);
}

/** Seconds until `total` at this rate; undefined while nothing moves or the total is unknown. */
export function secondsLeft(samples: readonly ProgressSample[], total: number): number | undefined {
  const rate = ratePerSecond(samples);
  const last = samples.at(-1);
  if (rate === undefined || last === undefined || rate <= 0 || total < last.done) return undefined;
  return (total - last.done) / rate;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min` */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `840/s`, `12.3k/s`, `1.25M/s`: three digits, since the last ones change too fast to be read. */
export function rateText(perSecond: number): string {
  if (perSecond >= 999_500) return `${(perSecond / 1e6).toPrecision(3)}M/s`;
  if (perSecond >= 999.5) return `${(perSecond / 1e3).toPrecision(3)}k/s`;
  if (perSecond >= 10 || Number.isInteger(perSecond)) return `${Math.round(perSecond)}/s`;
  return `${perSecond.toFixed(1)}/s`;
}
