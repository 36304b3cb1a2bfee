import type { FixGrade } from '../fixer.ts';
import { codefixActions } from './codefix-actions.ts';
import type { ActionLimits, CodefixAction } from './codefix-actions.ts';
import type { FixCandidate } from './fix-candidate.ts';
import { importChoices } from './import-choices.ts';
import { isOnlyNear, namesAt } from './name-choices.ts';
import { judgeRemoval } from './orphan-guard.ts';
import { overrideOpinion, thisOpinion } from './symptom-guard.ts';
import type { PriorTexts } from './prior-texts.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

export interface CandidateContext extends ActionLimits {
  readonly prior: PriorTexts;
  /** Texts of the files that the error has to do with, by path. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Opinion {
  readonly grade: FixGrade;
  readonly reason: string;
}

/**
 * Of the fixes that the Language Service offers, those that were right whenever they made errors go, in measurements on
 * injected faults. The others invent declarations or change signatures: good hints, no more.
 */
const PLAIN: Readonly<Record<string, FixGrade>> = {
  fixAwaitInSyncFunction: 'auto',
  fixImportNonExportedMember: 'auto',
  addMissingNewOperator: 'tests',
};

/** They add a comment that silences the compiler: the fault stays. */
const SILENCING: ReadonlySet<string> = new Set(['disableJsDiagnostics']);

export async function codefixCandidates(target: TargetDiagnostic, context: CandidateContext): Promise<FixCandidate[]> {
  const actions = orderedActions(
    target,
    codefixActions(target, context).filter(({ name }) => !SILENCING.has(name)),
  );
  const candidates: FixCandidate[] = [];
  for (const action of actions) {
    const { grade, reason } = await opinionOf(action, { target, context, actions });
    const { name, title, texts } = action;
    candidates.push({ fixer: `typescript:${name}`, title, texts, grade, evidence: [reason] });
  }
  return candidates;
}

interface OpinionInput {
  readonly target: TargetDiagnostic;
  readonly context: CandidateContext;
  readonly actions: readonly CodefixAction[];
}

async function opinionOf(action: CodefixAction, input: OpinionInput): Promise<Opinion> {
  const plain = PLAIN[action.name];
  if (plain !== undefined)
    return { grade: plain, reason: `\`${action.name}\` is one of the fixes that only put back what is missing` };
  switch (action.name) {
    case 'spelling':
      return spellingOpinion(action, input);
    case 'import':
      return importChoices(input.target, input.actions).opinionOf(action);
    case 'fixOverrideModifier':
      return overrideOpinion(action, input.target, input.context);
    case 'forgottenThisPropertyAccess':
      return thisOpinion(input.target, input.context);
    case 'unusedIdentifier':
      return judgeRemoval(action, input.target, input.context);
    default:
      return { grade: 'suggestion', reason: `\`${action.name}\` may invent what was never meant` };
  }
}

async function spellingOpinion(action: CodefixAction, { target, context }: OpinionInput): Promise<Opinion> {
  const [change, ...more] = action.changes.flatMap(({ fileName, textChanges }) =>
    textChanges.map((each) => ({ ...each, fileName })),
  );
  if (change === undefined || more.length > 0 || change.fileName !== target.path) {
    return { grade: 'suggestion', reason: 'the spelling is corrected in several places' };
  }
  const { start, length } = change.span;
  return judgeSpelling(
    {
      wrong: bare(target.file.text.slice(start, start + length)),
      right: bare(change.newText),
      choices: namesAt(target),
    },
    context,
  );
}

export interface Respelling {
  readonly wrong: string;
  readonly right: string;
  readonly choices: readonly string[];
}

/** Whether a name is only misspelt: the right one is near, no other is, and what is written was never declared. */
export async function judgeSpelling(
  { wrong, right, choices }: Respelling,
  context: CandidateContext,
): Promise<Opinion> {
  if (!isOnlyNear(wrong, right, choices)) {
    return { grade: 'suggestion', reason: `\`${right}\` is not the only name near \`${wrong}\`` };
  }
  if (await context.prior.wasDeclared(wrong, context.files)) {
    return { grade: 'suggestion', reason: `\`${wrong}\` was declared until lately: it is missing, not misspelt` };
  }
  return { grade: 'auto', reason: `\`${right}\` is the only name within two edits of \`${wrong}\`` };
}

function bare(text: string): string {
  return text.replace(/^['"`]|['"`]$/g, '').trim();
}

/** Imports by relative paths first: what a package of the same workspace exports is nearer than what is installed. */
function orderedActions(target: TargetDiagnostic, actions: readonly CodefixAction[]): readonly CodefixAction[] {
  if (target.code === TS2662 || target.code === TS2663) return actions.filter(({ name }) => name !== 'import');
  const rank = ({ name, title }: CodefixAction): number => (name === 'import' && !/["']\.\.?\//.test(title) ? 1 : 0);
  return actions.toSorted((one, two) => rank(one) - rank(two));
}

/** `Did you mean the static member …` and `… the instance member this.…`: an import would answer another question. */
const TS2662 = 2662;
const TS2663 = 2663;
