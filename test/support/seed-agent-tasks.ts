import { connectDatabase } from '../../src/core/db/index.ts';
import { createLog } from '../../src/core/log.ts';
import { AgentStore, AttemptStore, OutcomeStore } from '../../src/agent/agent-runtime.ts';
import type { AgentTask } from '../../src/agent/agent-schema.ts';
import type { AppClient } from './app-client.ts';

export interface SeededTasks {
  readonly tasks: readonly AgentTask[];
  readonly baseCommit: string;
}

/** Three tasks as a run of the agent would leave them: one open, one with a verified attempt, one that failed. */
export async function seedAgentTasks(
  app: Pick<AppClient, 'databaseUrl'>,
  { root, baseCommit }: { readonly root: string; readonly baseCommit: string },
): Promise<SeededTasks> {
  const database = await connectDatabase({
    url: app.databaseUrl,
    log: createLog({ level: 'silent' }),
    applicationName: 'seed',
  });
  try {
    const store = new AgentStore(database);
    const seed = {
      type: 'code_fix',
      source: 'typescript',
      rule: 'ts/2552',
      category: 'bug',
      severity: 'high',
      path: 'src/cart.js',
      line: 5,
      message: "Cannot find name 'groos'. Did you mean 'gross'?",
      confidence: 1,
    } as const;
    const [first, second, third] = await store.upsert(root, [
      { ...seed, fingerprint: 'a'.repeat(32) },
      { ...seed, fingerprint: 'b'.repeat(32), severity: 'medium', path: 'src/price.js', line: 3 },
      { ...seed, fingerprint: 'c'.repeat(32), severity: 'low', rule: 'ts/9999' },
    ]);
    if (first === undefined || second === undefined || third === undefined) throw new Error('Tasks were not stored.');
    const outcomes = new OutcomeStore(database);
    const attempts = new AttemptStore(database);
    const runId = 'seeded';
    for (const [task, outcome] of [
      [second, 'verified'],
      [third, 'failed'],
    ] as const) {
      await store.claim(task.taskId, { runId, baseCommit, from: ['open'] });
      const { taskId } = task;
      const { attemptId } = await attempts.start({ taskId, number: 1, patcher: 'fixer', baseCommit, seed: 7, runId });
      await attempts.end(attemptId, {
        outcome,
        patcher: 'fixer',
        fixer: 'eslint',
        title: 'Apply the fix',
        reason: 'As seen.',
      });
      await store.change(taskId, { from: ['working'], to: outcome, runId, reason: 'As seen.' });
      const codes = [task.rule];
      const isSuccess = outcome === 'verified';
      await outcomes.record({ root, attemptId, patcher: 'fixer', fixer: 'eslint', rule: task.rule, codes, isSuccess });
    }
    const tasks = await store.list({ root }, { limit: 10 });
    return { tasks, baseCommit };
  } finally {
    await database.close();
  }
}
