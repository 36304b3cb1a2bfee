/**
 * Metrics for Prometheus. Owns the names, labels and meaning of what is measured, in a registry of its own for each app.
 * Invariants: every set of labels is bounded; a scrape costs one query at most, and none within five seconds of another,
 * but for the availability of services, which is read once a minute at most;
 * what can't be known is absent, never zero.
 */
export type { CallObservation, HttpObservation, Metrics, StepObservation } from './metrics.ts';
export type {
  AvailabilityFacts,
  GraphFacts,
  MetricSources,
  RunFacts,
  ServiceFacts,
  StreamFacts,
} from './metric-sources.ts';
