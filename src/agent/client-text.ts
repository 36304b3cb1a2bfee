import type { AgentNextAnswer } from './client-schema.ts';

/** A work packet as text that stands on its own. */
export function renderWorkPacket({ task, baseCommit, code, considered, rules, note }: AgentNextAnswer): string {
  if (task === undefined) return note ?? 'nothing to do';
  const place = task.line === undefined ? task.path : `${task.path}:${task.line}`;
  return [
    `task ${task.taskId}: ${task.severity} ${task.rule} at ${place}${task.symbol === undefined ? '' : ` (${task.symbol})`}`,
    task.message,
    ...(baseCommit === undefined ? [] : [`base commit ${baseCommit}`]),
    ...(code === undefined ? [] : ['code:', code]),
    ...(considered.length === 0 ? [] : ['before:', ...considered.map((line) => `- ${line}`)]),
    'rules:',
    ...rules.map((rule) => `- ${rule}`),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ].join('\n');
}
