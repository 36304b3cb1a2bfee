import { describe, expect, test } from 'vitest';
import type { AgentStatusAnswer } from '../../src/agent/agent-answers.ts';
import { agentStatusAnswerSchema, agentTaskAnswerSchema } from '../../src/agent/agent-answers.ts';
import { agentModeOf } from '../../src/agent/agent-settings.ts';
import { renderAgentStatus, renderAgentTask, renderAgentTasks } from '../../src/agent/agent-text.ts';
import { trainFixability } from '../../src/agent/fixability.ts';
import { trainChoice } from '../../src/agent/learned-patterns.ts';
import { taskSeedOf } from '../../src/agent/task-seed.ts';
import { REPORT, TASK } from './agent-sample.ts';

const COUNTS = {
  open: 1,
  working: 0,
  suggested: 0,
  verified: 2,
  proposed: 0,
  merged: 0,
  rejected: 0,
  failed: 0,
  gone: 0,
};

describe('as text', () => {
  test('tasks are a line each', () => {
    const failed = {
      ...TASK,
      taskId: 't2',
      state: 'failed',
      attempts: 2,
      reason: 'tests fail\nmore',
      line: undefined,
    } as const;
    const text = renderAgentTasks({
      workspace: '/w',
      tasks: [TASK, failed],
      total: 9,
      nextCursor: 'abc',
      counts: COUNTS,
      note: 'n',
    });
    expect(text).toMatchInlineSnapshot(`
      "9 tasks (of all: 1 open, 2 verified)
      10 medium open ts/2552 src/a.ts:3 Cannot find name 'cuont'. Did you mean 'count'? t1
      10 medium failed ts/2552 src/a.ts Cannot find name 'cuont'. Did you mean 'count'? (2 tried) [tests fail …] t2
      2 of 9, more: cursor=abc
      note: n"
    `);
  });

  test('a task shows its attempts with what was seen of them', () => {
    const attempt = {
      attemptId: 'a1',
      number: 1,
      patcher: 'fixer',
      fixer: 'typescript:spelling',
      title: 'Change spelling',
      outcome: 'verified',
      baseCommit: 'b'.repeat(40),
      files: ['src/a.ts'],
      addedLines: 1,
      removedLines: 1,
      patch: '-cuont\n+count',
      report: REPORT,
      usd: 0,
      tokens: 0,
      steps: 0,
      seed: 7,
      startedAt: TASK.createdAt,
    } as const;
    const answer = agentTaskAnswerSchema.parse({ ...TASK, workspace: '/w', history: [attempt], pullRequests: [] });
    expect(renderAgentTask(answer)).toMatchInlineSnapshot(`
      "task t1: open
      medium ts/2552 (typescript, code_fix) src/a.ts:3
      Cannot find name 'cuont'. Did you mean 'count'?
      priority 10, confidence 1, 0 tried, 0 rejected

      attempt 1 by fixer typescript:spelling: verified, Change spelling
        1 files +1 -1, seed 7
        verified: All checks passed.
        finding: 1 before, 0 after
        types passed: tsc --noEmit (exit 2 → 0 in 0.8 s)
        tests not_run: npm test (exit – → –) there is no script \`test\`
        strength: 6 of 8 mutants noticed
      -cuont
      +count"
    `);
  });

  test('the status says what it has learned, and what keeps it from doing more', () => {
    const status: AgentStatusAnswer = {
      workspace: '/w',
      isAutonomous: false,
      intervalMinutes: 60,
      mode: 'dry_run',
      approval: 'required',
      tasks: COUNTS,
      openPullRequests: 0,
      attempts: { verified: 3, failed: 1, refused: 0, unproven: 0, no_fix: 0, suggestion: 0, cancelled: 0 },
      usd: 0,
      tokens: 0,
      fixability: trainFixability([]).calibration,
      choice: trainChoice([]).verdict,
      patterns: [
        { codes: ['ts/2552'], fixer: 'typescript:spelling', successes: 3, failures: 1, lastAt: TASK.createdAt },
      ],
      note: 'no model is configured',
    };
    expect(agentStatusAnswerSchema.parse(status)).toEqual(status);
    expect(renderAgentStatus(status)).toMatchInlineSnapshot(`
      "agent of /w: starts when asked; mode dry_run, approval required
      model: none, fixers alone; pull requests: none, branches alone
      tasks: 1 open, 2 verified; 0 pull requests open
      attempts: 3 verified, 1 failed; 0 tokens, 0.0000 USD
      fixability: No outcome is known yet; 20 are needed to compare the estimate with a baseline.
      choice of fixers: No success is known yet; 20 are needed. Fixes are tried in the order in which they are offered.
        ts/2552 → typescript:spelling: 3 right, 1 wrong
      note: no model is configured"
    `);
  });
});

test.each([
  [{ autoFix: false, autoPr: false }, 'dry_run'],
  [{ autoFix: true, autoPr: false }, 'branch'],
  [{ autoFix: true, autoPr: true }, 'pull_request'],
  [{ autoFix: true, autoPr: true, mode: 'dry_run' }, 'dry_run'],
] as const)('the settings %o mean the mode %s', (settings, mode) => {
  expect(agentModeOf(settings)).toBe(mode);
});

describe('a task of a finding', () => {
  const FINDING = {
    findingId: 'x',
    source: 'graph',
    rule: 'graph/dead-code',
    category: 'dead_code',
    severity: 'low',
    path: 'src/a.ts',
    message: 'unused',
    evidence: {},
    occurrences: 1,
    state: 'open',
    firstSeenAt: TASK.createdAt,
    lastSeenAt: TASK.createdAt,
  } as const;

  test('is as sure as its evidence says, else by who found it', () => {
    expect(taskSeedOf(FINDING)).toMatchObject({ type: 'refactor', confidence: 0.8, findingId: 'x' });
    expect(taskSeedOf({ ...FINDING, evidence: { confidence: 0.25 } }).confidence).toBe(0.25);
    expect(taskSeedOf({ ...FINDING, source: 'eslint', category: 'bug' })).toMatchObject({
      type: 'code_fix',
      confidence: 1,
    });
    expect(taskSeedOf({ ...FINDING, path: 'docs/a.md' }).type).toBe('documentation');
  });

  test('has the identity of the finding: not its line, nor numbers in its message', () => {
    const { fingerprint } = taskSeedOf({ ...FINDING, message: 'line 3' });
    expect(taskSeedOf({ ...FINDING, line: 9, message: 'line 4' }).fingerprint).toBe(fingerprint);
    expect(taskSeedOf({ ...FINDING, path: 'src/b.ts', message: 'line 3' }).fingerprint).not.toBe(fingerprint);
  });
});
