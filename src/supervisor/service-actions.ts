import { isLive } from './decisions/service-state.ts';
import type { ServiceView } from './supervisor-schema.ts';

/** What somebody may ask of one service. */
export const SERVICE_ACTIONS = ['start', 'stop', 'restart', 'enable', 'disable'] as const;
export type ServiceAction = (typeof SERVICE_ACTIONS)[number];

/**
 * What somebody has to agree to before it is done with a service, in a sentence; undefined for what ends nothing, and for
 * what will be refused. `all`: every service, to name those that depend on it.
 */
export function serviceConsent(
  action: ServiceAction,
  { name, state, isFixed }: ServiceView,
  all: readonly ServiceView[],
): string | undefined {
  if (isFixed || !isLive(state)) return undefined;
  const users = all.filter((other) => isLive(other.state) && other.dependsOn.includes(name)).map((other) => other.name);
  const needed = users.length === 0 ? '' : `, on which ${users.join(', ')} depends`;
  switch (action) {
    case 'stop':
      return `Stop service \`${name}\`${needed}`;
    case 'restart':
      return `Restart service \`${name}\`${needed}`;
    case 'disable':
      return `Stop service \`${name}\`${needed}, and let nothing start it until it is enabled again`;
    case 'start':
    case 'enable':
      return undefined;
  }
}
