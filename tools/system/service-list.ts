import { z } from 'zod';
import { renderService, requireShownState, serviceViewSchema, stateOf } from '../../src/supervisor/index.ts';
import type { SupervisorService } from '../../src/supervisor/index.ts';
import { defineTool } from '../../src/surface/index.ts';

const HOUR_MS = 3_600_000;
const WINDOWS = [
  { window: 'hour', ms: HOUR_MS },
  { window: 'day', ms: 24 * HOUR_MS },
  { window: 'week', ms: 7 * 24 * HOUR_MS },
] as const;
const share = z.number().min(0).max(1).optional();

const availabilitySchema = z.object({
  hour: share.describe('Of the last hour.'),
  day: share.describe('Of the last 24 hours.'),
  week: share.describe('Of the last 7 days.'),
});
type Availability = z.infer<typeof availabilitySchema>;

const describedSchema = serviceViewSchema.extend({
  availability: availabilitySchema.optional().describe('Ready of the time wanted; absent when never wanted.'),
});

export const serviceList = defineTool({
  name: 'service_list',
  title: 'List services',
  description:
    'Returns what is kept running: state, why, restarts, memory, CPU. Choose service_logs for what one wrote.',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  outside: 'words of services',
  input: z.object({
    name: z.string().max(63).optional().describe('Only this.'),
    state: z.string().max(20).optional().describe('Such as failed.'),
    availability: z.boolean().optional().describe('With times ready.'),
  }),
  output: z.object({
    services: z.array(describedSchema).describe('In the order of their start.'),
  }),
  summary({ services }) {
    if (services.length === 0) return 'no services';
    return services.map(({ availability, ...view }) => renderService(view, availability)).join('\n');
  },
  /** There are at most as many as a manifest may have, and the parts of the system. */
  async run({ name, state, availability }, { services: { supervisor } }) {
    if (state !== undefined) requireShownState(state);
    const all = name === undefined ? supervisor.list() : [supervisor.get(name)];
    const services = all.filter((view) => state === undefined || stateOf(view) === state);
    if (availability !== true) return { services };
    const described: z.infer<typeof describedSchema>[] = [];
    for (const view of services) {
      described.push({ ...view, availability: await availabilityOf(supervisor, view.name) });
    }
    return { services: described };
  },
});

async function availabilityOf(supervisor: SupervisorService, name: string): Promise<Availability> {
  const share: Partial<Record<keyof Availability, number>> = {};
  for (const { window, ms } of WINDOWS) {
    const { ratio } = await supervisor.availability(name, ms);
    if (ratio !== undefined) share[window] = ratio;
  }
  return share;
}
