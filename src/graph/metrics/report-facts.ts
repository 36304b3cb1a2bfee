import type { GitReader } from '../../git/index.ts';
import type { MetricPool } from './metric-pool.ts';

/** Where reports look for what the graph does not hold. */
export interface ReportFacts {
  readonly metrics: Pick<MetricPool, 'measure' | 'findClones'>;
  readonly git: Pick<GitReader, 'history'>;
}
