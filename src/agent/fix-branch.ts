import type { AgentTask } from './agent-schema.ts';
import type { PullRequestStore } from './pull-request-store.ts';

const FINGERPRINT_DIGITS = 12;

/**
 * The branch of a task's fix: the same each time, so that a fix that is made anew takes the place of the former one, until
 * it was merged. A fault that comes back after that is mended on another one: `agent/1f0c…`, then `agent/1f0c…-2`.
 */
export async function branchOf(
  pullRequests: Pick<PullRequestStore, 'listOf'>,
  { taskId, fingerprint }: Pick<AgentTask, 'taskId' | 'fingerprint'>,
): Promise<string> {
  const merged = (await pullRequests.listOf(taskId)).filter(({ state }) => state === 'merged').length;
  const branch = `agent/${fingerprint.slice(0, FINGERPRINT_DIGITS)}`;
  return merged === 0 ? branch : `${branch}-${merged + 1}`;
}
