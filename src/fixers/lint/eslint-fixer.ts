import type { LintMessage } from '../../core/lint-output.ts';
import type { InstalledProgram } from '../../core/process/index.ts';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { findPlaceText } from '../place-files.ts';
import { applyEdits } from '../text-edits.ts';
import { judge, messagesFor, ruleIn } from './linter-message.ts';
import type { Pass } from './linter-message.ts';
import { linterOf, MAX_TEXT_CHARACTERS, readMessages, runLinter } from './linter-run.ts';

/** One edit can make room for another; ESLint itself stops here, too. */
const MAX_PASSES = 10;
const MAX_SUGGESTIONS = 3;

/**
 * Fixes of the ESLint that is installed in the place, by its own configuration: the ranges that the rule itself offers in
 * the file of the finding, and no other. What a rule only suggests stays a suggestion.
 */
export function createEslintFixer(): Fixer {
  return {
    name: 'eslint',
    canFix: ({ source, rule }) => source === 'eslint' && rule !== 'eslint/syntax',
    fix: (target, place) => fix(target, place),
    close: async () => {},
  };
}

async function fix(target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
  const program = linterOf(place, 'eslint', 'eslint');
  const text = await findPlaceText(place.root, target.path);
  if (program === undefined || text === undefined || text.length > MAX_TEXT_CHARACTERS) return [];
  const lint: Lint = (changed) => passOf(place, { program, path: target.path, text: changed });
  const before = await lint(text);
  const wanted = before === undefined ? [] : messagesFor(target, before.messages);
  if (before === undefined || wanted.length === 0) return [];
  const context = { target, before, wanted, lint, version: program.version };
  const mended = wanted.some((message) => message.fix !== undefined) ? await applied(context) : undefined;
  return mended === undefined ? suggested(context) : [mended];
}

type Lint = (text: string) => Promise<Pass | undefined>;

interface FixContext {
  readonly target: FixTarget;
  readonly before: Pass;
  readonly wanted: readonly LintMessage[];
  readonly lint: Lint;
  readonly version: string;
}

/** All that the rule can fix in the file: edits of one rule that overlap are made one after another. */
async function applied({ target, before, wanted, lint, version }: FixContext): Promise<Fix | undefined> {
  let pass: Pass | undefined = before;
  for (let round = 0; round < MAX_PASSES && pass !== undefined; round += 1) {
    const text = applyEdits(pass.text, fixesIn(pass, ruleIn(target)));
    if (text === pass.text) break;
    pass = await lint(text);
  }
  if (pass === undefined) return undefined;
  const { isMended, isHarmless, evidence } = judge(wanted, before, pass);
  if (!isMended) return undefined;
  return {
    fixer: 'eslint',
    title: `Apply the fix of ${target.rule} in ${target.path}`,
    edits: [{ path: target.path, text: pass.text }],
    grade: isHarmless ? 'auto' : 'suggestion',
    evidence: [`a fix of ESLint ${version} itself`, evidence],
  };
}

function fixesIn({ messages }: Pass, rule: string) {
  return messages.flatMap((message) => (message.rule === rule && message.fix !== undefined ? [message.fix] : []));
}

async function suggested({ target, before, wanted, lint, version }: FixContext): Promise<Fix[]> {
  const fixes: Fix[] = [];
  for (const { title, edit } of wanted[0]?.suggestions?.slice(0, MAX_SUGGESTIONS) ?? []) {
    const after = await lint(applyEdits(before.text, [edit]));
    const verdict = after === undefined ? undefined : judge(wanted.slice(0, 1), before, after);
    if (after === undefined || verdict?.isMended !== true) continue;
    fixes.push({
      fixer: 'eslint',
      title: `${target.rule} in ${target.path}: ${title}`,
      edits: [{ path: target.path, text: after.text }],
      grade: 'suggestion',
      evidence: [`a suggestion of ESLint ${version}: it may change what the code does`, verdict.evidence],
    });
  }
  return fixes;
}

/** Undefined where ESLint says nothing that can be read. */
async function passOf(
  place: FixPlace,
  { program, path, text }: { readonly program: InstalledProgram; readonly path: string; readonly text: string },
): Promise<Pass | undefined> {
  const args = ['-f', 'json', '--stdin', `--stdin-filename=${path}`];
  const { results } = await runLinter(place, program, { path, text, isMirror: false, steps: [args] });
  const messages = readMessages('eslint', results[0]?.stdout);
  return messages === undefined ? undefined : { text, messages };
}
