/** What `top` shows of the numbers of a master. */
export interface MasterNumbers {
  /** Runs that are kept, by state. */
  readonly runs: Readonly<Record<string, number>>;
  /** Of the event loop, 99th percentile; undefined where it is not told. */
  readonly lagSeconds: number | undefined;
}

const RUNS = /^lightdom_runs\{.*?state="(\w+)".*?\} (\d+)$/gm;
const LAG = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m;

/** Out of the text format of Prometheus. */
export function masterNumbers(text: string): MasterNumbers {
  const runs: Record<string, number> = {};
  for (const [, state = '', count] of text.matchAll(RUNS)) {
    if (Number(count) > 0) runs[state] = (runs[state] ?? 0) + Number(count);
  }
  const lag = Number(LAG.exec(text)?.[1]);
  return { runs, lagSeconds: Number.isFinite(lag) ? lag : undefined };
}

/** `runs: 2 running, 40 completed; event loop lags by 12 ms` */
export function renderNumbers({ runs, lagSeconds }: MasterNumbers): string {
  const counts = Object.entries(runs).map(([state, count]) => `${count} ${state}`);
  const lag = lagSeconds === undefined ? '' : `; event loop lags by ${Math.round(lagSeconds * 1000)} ms`;
  return `runs: ${counts.join(', ') || 'none'}${lag}`;
}
