import type { AgentMode } from './agent-schema.ts';

/** What the configuration says of how far runs go: a mode that is named counts, else what the two switches allow. */
export function agentModeOf({
  mode,
  autoFix,
  autoPr,
}: {
  readonly mode?: AgentMode | undefined;
  readonly autoFix: boolean;
  readonly autoPr: boolean;
}): AgentMode {
  if (mode !== undefined) return mode;
  if (autoPr) return 'pull_request';
  return autoFix ? 'branch' : 'dry_run';
}
