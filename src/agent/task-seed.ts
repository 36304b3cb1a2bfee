import { z } from 'zod';
import { fingerprintOf } from '../findings/index.ts';
import type { Finding, Severity } from '../findings/index.ts';
import type { AgentTask, TaskType } from './agent-schema.ts';

/** What a finding gives to a task; a task without one comes from a source that only the agent asks. */
export type TaskSeed = Pick<
  AgentTask,
  | 'fingerprint'
  | 'findingId'
  | 'type'
  | 'source'
  | 'rule'
  | 'category'
  | 'severity'
  | 'path'
  | 'line'
  | 'nodeId'
  | 'symbol'
  | 'message'
  | 'confidence'
>;

/** The seed's weights of critical to low are 10, 7, 5 and 3; info goes on below. */
const SEVERITY_WEIGHTS: Readonly<Record<Severity, number>> = { critical: 10, high: 7, medium: 5, low: 3, info: 1 };
const CONFIDENCE_WEIGHT = 5;

/** Compilers and linters are right by their own rules; a report on the graph is a judgement unless it says how sure it is. */
const CONFIDENCE_OF_REPORTS = 0.8;
const MISSING_DOCS = 'graph/missing-docs';
const sureness = z.object({ confidence: z.number().min(0).max(1) });

export function taskSeedOf(finding: Finding): TaskSeed {
  const { findingId, source, rule, category, severity, path, line, nodeId, symbol, message, evidence } = finding;
  const said = sureness.safeParse(evidence).data?.confidence;
  return {
    fingerprint: fingerprintOf(finding),
    findingId,
    type: taskTypeOf(finding),
    source,
    rule,
    category,
    severity,
    path,
    line,
    nodeId,
    symbol,
    message,
    confidence: said ?? (source === 'graph' ? CONFIDENCE_OF_REPORTS : 1),
  };
}

/** Weight of the severity + 5 × confidence. */
export function priorityOf({ severity, confidence }: Pick<TaskSeed, 'severity' | 'confidence'>): number {
  return SEVERITY_WEIGHTS[severity] + CONFIDENCE_WEIGHT * confidence;
}

/** A text file is documentation, and so is a comment that is missing; structure, dead code and copies are refactored; anything else is a fix. */
export function taskTypeOf({ category, path, rule }: Pick<Finding, 'category' | 'path' | 'rule'>): TaskType {
  if (rule === MISSING_DOCS) return 'documentation';
  if (/\.(?:md|mdx|txt|rst)$/i.test(path)) return 'documentation';
  return category === 'bug' || category === 'style' ? 'code_fix' : 'refactor';
}
