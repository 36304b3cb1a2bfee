import { renderWorkPacket } from './agent-text.ts';
import type { AgentNextAnswer } from './client-schema.ts';

/** The next task as text that stands on its own. */
export function renderAgentNext({ packet, baseCommit, considered, note }: AgentNextAnswer): string {
  if (packet === undefined) return note ?? 'nothing to do';
  return [
    renderWorkPacket(packet),
    ...(baseCommit === undefined ? [] : [`base commit ${baseCommit}`]),
    ...considered.map((line) => `before: ${line}`),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ].join('\n');
}
