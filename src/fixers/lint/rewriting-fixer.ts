import type { LintMessage } from '../../core/lint-output.ts';
import type { InstalledProgram } from '../../core/process/index.ts';
import type { Fix, Fixer, FixPlace, FixTarget } from '../fixer.ts';
import { findPlaceText } from '../place-files.ts';
import { judge, messagesFor } from './linter-message.ts';
import type { Pass } from './linter-message.ts';
import { linterOf, MAX_TEXT_CHARACTERS, readMessages, runLinter } from './linter-run.ts';
import type { LinterAnswer } from './linter-run.ts';

/** A linter that writes its fixes into the file, and does not tell them. */
export interface RewritingLinter {
  readonly name: 'biome' | 'oxlint';
  readonly packageName: string;
  /** Arguments for all that it says of a file as JSON. */
  checkArgs(root: string, path: string): readonly string[];
  /** What writes the fixes of one rule alone into the file: safe ones, or all. Undefined where that can't be said. */
  rewrite(request: RewriteRequest): Promise<Rewrite | undefined>;
}

export interface RewriteRequest {
  readonly target: FixTarget;
  readonly isSafe: boolean;
  /** Runs it for what it says. */
  readonly ask: (args: readonly string[]) => Promise<LinterAnswer>;
}

export interface Rewrite {
  readonly args: readonly string[];
  /** Beside the file, at the root. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Fixes that the linter of the place makes in a mirror of it, for one rule and one file. Those that it calls safe are
 * looked at first; what it makes only when it may change the behaviour is a suggestion.
 */
export function createRewritingFixer(linter: RewritingLinter): Fixer {
  return {
    name: linter.name,
    canFix: ({ source, rule }) => source === linter.name && !/\/(?:syntax|parse)$/.test(rule),
    fix: (target, place) => fix(linter, target, place),
    close: async () => {},
  };
}

async function fix(linter: RewritingLinter, target: FixTarget, place: FixPlace): Promise<readonly Fix[]> {
  const program = linterOf(place, linter.packageName, linter.name);
  const text = await findPlaceText(place.root, target.path);
  if (program === undefined || text === undefined || text.length > MAX_TEXT_CHARACTERS) return [];
  const session = { linter, program, place, target };
  const before = await check(session, text);
  const wanted = before === undefined ? [] : messagesFor(target, before.messages);
  if (before === undefined || wanted.length === 0) return [];
  for (const isSafe of [true, false]) {
    const found = await rewritten(session, { before, wanted, isSafe });
    if (found !== undefined) return [found];
  }
  return [];
}

interface Session {
  readonly linter: RewritingLinter;
  readonly program: InstalledProgram;
  readonly place: FixPlace;
  readonly target: FixTarget;
}

interface Attempt {
  readonly before: Pass;
  readonly wanted: readonly LintMessage[];
  readonly isSafe: boolean;
}

async function rewritten(session: Session, { before, wanted, isSafe }: Attempt): Promise<Fix | undefined> {
  const { linter, program, place, target } = session;
  const { path } = target;
  const ask: RewriteRequest['ask'] = (args) => runLinter(place, program, { path, isMirror: true, steps: [args] });
  const rewrite = await linter.rewrite({ target, isSafe, ask });
  if (rewrite === undefined) return undefined;
  const { args, files = {} } = rewrite;
  const { text } = await runLinter(place, program, { path, isMirror: true, steps: [args], files });
  const after = text === before.text ? undefined : await check(session, text);
  const verdict = after === undefined ? undefined : judge(wanted, before, after);
  if (verdict?.isMended !== true) return undefined;
  const how = isSafe ? 'a safe fix' : 'a fix that may change what the code does,';
  return {
    fixer: linter.name,
    title: `Apply the fix of ${target.rule} in ${path}`,
    edits: [{ path, text }],
    grade: isSafe && verdict.isHarmless ? 'auto' : 'suggestion',
    evidence: [`${how} of ${linter.name} ${program.version} itself`, verdict.evidence],
  };
}

async function check({ linter, program, place, target: { path } }: Session, text: string): Promise<Pass | undefined> {
  const steps = [linter.checkArgs(place.root, path)];
  const { results } = await runLinter(place, program, { path, text, isMirror: true, steps });
  const messages = readMessages(linter.name, results[0]?.stdout);
  return messages === undefined ? undefined : { text, messages };
}
