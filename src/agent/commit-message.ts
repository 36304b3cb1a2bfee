import { commitText, commitTypeOfCategory } from '../git/index.ts';
import type { AgentTask } from './agent-schema.ts';
import type { MadeFix } from './attempt-task.ts';

/** What the commit of a fix says: what it does, what was wrong, who made it, and for which task. */
export function commitMessageOf(task: AgentTask, { fixer, title, patcher }: MadeFix, runId: string): string {
  const place = task.line === undefined ? task.path : `${task.path}:${task.line}`;
  return commitText({
    type: commitTypeOfCategory(task.category),
    title,
    body: `${task.source} reported ${task.rule} at ${place}:\n\n${task.message}`,
    trailers: {
      'Lightdom-Task': task.taskId,
      'Lightdom-Run': runId,
      'Lightdom-Fixer': patcher === 'fixer' ? fixer : `${patcher} ${fixer}`,
    },
  });
}
