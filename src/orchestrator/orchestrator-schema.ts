import { z } from 'zod';

/** The ten subsystems in the order in which they are built. */
export const SUBSYSTEM_KEYS = [
  'startup',
  'campaigns',
  'navigation',
  'indexing',
  'agent',
  'training',
  'tensorflow',
  'storybook',
  'seo',
  'design',
] as const;
export type SubsystemKey = (typeof SUBSYSTEM_KEYS)[number];

export const LIFECYCLE_STATES = [
  'created',
  'initializing',
  'initialized',
  'starting',
  'running',
  'stopping',
  'stopped',
  'error',
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

export const subsystemStatusSchema = z.object({
  state: z.enum(['unavailable', 'initialized', 'running', 'stopped', 'error']).describe('State.'),
  reason: z.string().optional().describe('Why it is unavailable or in error.'),
  details: z.record(z.string(), z.unknown()).describe('Facts of this subsystem.'),
});
export type SubsystemStatus = z.infer<typeof subsystemStatusSchema>;

const metricsSchema = z.object({
  systemUptime: z.number().describe('Seconds since start.'),
  servicesRunning: z.number().int().describe('Services that run and are healthy.'),
  campaignsActive: z.number().int().describe('Campaigns that run.'),
  agentsRunning: z.number().int().describe('Agents that run.'),
  indexingProgress: z.number().min(0).max(100).describe('Percent of the index that runs or ran last.'),
  trainingProgress: z.number().min(0).max(100).describe('Percent of the training that runs or ran last.'),
});

export const systemStatusSchema = z.object({
  status: z.enum(LIFECYCLE_STATES).describe('State of the whole.'),
  uptime: z.number().describe('Seconds since start.'),
  metrics: metricsSchema.describe('Counters.'),
  orchestrators: z.record(z.string(), subsystemStatusSchema).describe('The ten subsystems.'),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;

export interface PhaseReport {
  readonly phase: number;
  readonly title: string;
  readonly outcome: 'started' | 'done' | 'skipped' | 'unavailable' | 'failed';
  readonly detail: string;
  /** How long it took, in whole milliseconds; absent while it has only begun. */
  readonly durationMs?: number;
}
