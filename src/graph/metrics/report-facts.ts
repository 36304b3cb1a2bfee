import type { MetricPool } from './metric-pool.ts';

/** Where reports look for what the graph does not hold. */
export interface ReportFacts {
  readonly metrics: MetricPool;
}
