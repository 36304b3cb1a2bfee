/**
 * What measures. For the files that put the system together: others know the words of `index.ts`.
 */
export { Metrics } from './metrics.ts';
