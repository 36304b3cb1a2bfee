import { z } from 'zod';
import { SERVICE_STATES } from './decisions/service-state.ts';

export const LOG_STREAMS = ['stdout', 'stderr', 'supervisor'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** A line that a service wrote, or that the supervisor wrote about it. */
export const logLineSchema = z.object({
  at: z.iso.datetime().describe('When it was read.'),
  stream: z.enum(LOG_STREAMS).describe('Where it was written; `supervisor`: about the service.'),
  line: z.string().describe('Without secrets and hidden characters, at most 2,000 characters.'),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** With the service whose line it is. */
export const serviceLineSchema = logLineSchema.extend({ service: z.string().describe('Name of the service.') });
export type ServiceLine = z.infer<typeof serviceLineSchema>;

export const serviceViewSchema = z.object({
  name: z.string().describe('Name.'),
  state: z.enum(SERVICE_STATES).describe('State.'),
  reason: z.string().describe('Why it is in this state.'),
  about: z.string().optional().describe('What or where it is, in a few words.'),
  since: z.iso.datetime().describe('Since when it is in this state.'),
  isWanted: z.boolean().describe('Whether it is meant to run.'),
  isEnabled: z.boolean().describe('Whether anything may start it.'),
  disabledReason: z.string().optional().describe('Why not.'),
  isCritical: z.boolean().describe('The system can not do without it.'),
  isOneShot: z.boolean().describe('It is meant to end by itself.'),
  isFixed: z.boolean().describe('The system stands on it: it comes and goes with the system alone.'),
  isAttached: z.boolean().describe('It was there already and is not ours to stop.'),
  dependsOn: z.array(z.string()).describe('Services that it needs.'),
  waitingFor: z.array(z.string()).describe('Dependencies that keep it from being started now.'),
  pid: z.number().int().optional().describe('Its process, where it is one of its own.'),
  restarts: z.number().int().describe('Starts after the first one, since this supervisor began.'),
  memoryBytes: z.number().optional().describe('Of its processes together.'),
  cpuPercent: z.number().optional().describe('100 is one processor.'),
  droppedLines: z.number().int().describe('Log lines that could not be stored in the database.'),
});
export type ServiceView = z.infer<typeof serviceViewSchema>;

export const ALERT_KINDS = ['crash-loop', 'failed', 'log-unwritable', 'dependency-lost', 'over-limit'] as const;

/** Something that a person should know. */
export interface ServiceAlert {
  readonly service: string;
  readonly kind: (typeof ALERT_KINDS)[number];
  readonly message: string;
  /** The system can't do without this service. */
  readonly isCritical: boolean;
}

export interface SupervisorEvents {
  /** A service has changed its state. */
  changed: [view: ServiceView, from: ServiceView['state']];
  alert: [alert: ServiceAlert];
  line: [service: string, line: LogLine];
}
