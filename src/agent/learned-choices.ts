import type { Fix } from '../fixers/index.ts';
import type { AgentTask, Fixability } from './agent-schema.ts';
import { fixabilityOf, trainFixability } from './fixability.ts';
import type { FixabilityModel } from './fixability.ts';
import type { AgentSettings } from './heal-kit.ts';
import { trainChoice } from './learned-patterns.ts';
import type { ChoiceModel } from './learned-patterns.ts';
import type { OutcomeStore } from './outcome-store.ts';

/** The newest of these are learned from: more would not change the rates. */
const MAX_OUTCOMES = 10_000;

/** What was learned from all outcomes so far. */
export interface LearnedChoices {
  readonly fixability: FixabilityModel;
  readonly choice: ChoiceModel;
  /** Best first. */
  readonly order: (codes: readonly string[], fixes: readonly Fix[]) => readonly Fix[];
  /** Of a fix that was made, or is about to be; undefined without a fixer. */
  fixabilityOf(task: AgentTask, fixer: string | undefined): Fixability | undefined;
}

export async function learnedChoices(
  outcomes: Pick<OutcomeStore, 'list'>,
  { thresholds }: Pick<AgentSettings, 'thresholds'>,
): Promise<LearnedChoices> {
  const past = await outcomes.list(MAX_OUTCOMES);
  const fixability = trainFixability(past);
  const choice = trainChoice(past);
  return {
    fixability,
    choice,
    order: (codes, fixes) => choice.order(codes, fixes),
    fixabilityOf: (task, fixer) =>
      fixer === undefined ? undefined : fixabilityOf(fixability, { fixer, rule: task.rule, task }, thresholds),
  };
}
