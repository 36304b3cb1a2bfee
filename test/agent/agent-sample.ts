import type { AgentTask } from '../../src/agent/agent-schema.ts';
import type { PastOutcome } from '../../src/agent/outcome-store.ts';
import type { TaskSeed } from '../../src/agent/task-seed.ts';
import type { VerifyReport } from '../../src/agent/verify/verify-report.ts';

export const SEED: TaskSeed = {
  fingerprint: 'f1',
  findingId: undefined,
  type: 'code_fix',
  source: 'typescript',
  rule: 'ts/2552',
  category: 'bug',
  severity: 'medium',
  path: 'src/a.ts',
  line: 3,
  nodeId: undefined,
  symbol: undefined,
  message: "Cannot find name 'cuont'. Did you mean 'count'?",
  confidence: 1,
};

export const TASK: AgentTask = {
  ...SEED,
  taskId: 't1',
  priority: 10,
  state: 'open',
  attempts: 0,
  rejections: 0,
  createdAt: '2026-01-01T00:00:00.000000Z',
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

export const REPORT: VerifyReport = {
  verdict: 'verified',
  reasons: ['All checks passed.'],
  target: { before: 1, after: 0 },
  gates: [
    {
      kind: 'types',
      command: 'tsc --noEmit',
      verdict: 'passed',
      before: { exitCode: 2, endedBy: 'exit', durationMs: 900, diagnostics: 1, tail: 'error TS2552' },
      after: { exitCode: 0, endedBy: 'exit', durationMs: 800, diagnostics: 0, tail: '' },
      flaky: [],
      added: [],
      removed: ['src/a.ts TS2552'],
    },
    {
      kind: 'tests',
      command: 'npm test',
      verdict: 'not_run',
      reason: 'there is no script `test`',
      flaky: [],
      added: [],
      removed: [],
    },
  ],
  selectedTests: [],
  strength: { mutants: 8, killed: 6, killedByTests: 0, survived: ['src/a.ts:3 + → -'], seed: 7, durationMs: 4_000 },
  confinement: { network: true, mounts: true, pids: true, memory: true },
  durationMs: 6_000,
  seed: 7,
};

/** `count` outcomes a day apart, of which those are successes for which it is so. */
export function outcomes(
  count: number,
  outcome: (at: number) => Omit<PastOutcome, 'at' | 'codes'> & { readonly codes?: readonly string[] },
): PastOutcome[] {
  return Array.from({ length: count }, (_, at) => ({
    codes: [],
    ...outcome(at),
    at: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
  }));
}
