import type { ts } from 'ts-morph';
import type { OverlayProject } from './overlay-project.ts';
import type { PlaceTexts } from './place-texts.ts';
import { isGlobal } from './reverse-imports.ts';
import { keyOfDiagnostic } from './target-diagnostic.ts';
import type { TargetDiagnostic } from './target-diagnostic.ts';

/** What the compiler says of a candidate. `late`: there was no time to ask it about all files. */
export interface Verdict {
  readonly outcome: 'clean' | 'unmended' | 'new_errors' | 'late';
  readonly checkedFiles: number;
  readonly checkedProjects: number;
  /** The first new error, with its file. */
  readonly newError?: string;
}

/** Whose error is to go; without one, whose place is mended for another's. */
export type RecheckTarget = Pick<TargetDiagnostic, 'project' | 'path'> & { readonly diagnostic?: ts.Diagnostic };

export interface RecheckInput {
  readonly target: RecheckTarget;
  /** New texts by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those that list one of the files. */
  readonly projects: readonly OverlayProject[];
  /** Those that may import one of them; asked for only where others see a change. */
  others(): readonly OverlayProject[];
  readonly placeTexts: PlaceTexts;
  /** Of `performance.now()`. */
  readonly deadlineMs: number;
  /** Only the changed files: for what is never applied. */
  readonly isShallow?: boolean;
}

/**
 * Whether the target's error is gone and there is no new one anywhere: first the changed files, then, where others see a
 * change, all that import them, directly or not, nearest first, and so in other projects.
 */
export function recheck(input: RecheckInput): Verdict {
  // Most candidates fail in the files that they change: what others see is looked at only for those that do not.
  const near = judgeRounds(roundsOf(input.projects, { ...input, isShallow: true }), input);
  if (near.outcome !== 'clean' || input.isShallow === true) return near;
  const own = roundsOf(input.projects, input);
  const whole = judgeRounds(own, input);
  const isSeen = own.some((round) => round.isSeen);
  if (whole.outcome !== 'clean' || !isSeen) return whole;
  const further = judgeRounds(roundsOf(input.others(), input), input);
  return {
    ...further,
    checkedFiles: whole.checkedFiles + further.checkedFiles,
    checkedProjects: whole.checkedProjects + further.checkedProjects,
  };
}

function roundsOf(projects: readonly OverlayProject[], input: RecheckInput): Round[] {
  return projects.map((project) => new Round(project, input));
}

function judgeRounds(rounds: readonly Round[], { placeTexts, texts, deadlineMs }: RecheckInput): Verdict {
  let checkedFiles = 0;
  const verdictOf = (outcome: Verdict['outcome'], newError?: string): Verdict => ({
    outcome,
    checkedFiles,
    checkedProjects: rounds.length,
    ...(newError !== undefined && { newError }),
  });
  const early = placeTexts.trying(texts, () => {
    for (const round of rounds) {
      for (const path of round.paths()) {
        if (performance.now() > deadlineMs) return verdictOf('late');
        checkedFiles += 1;
        const fault = round.check(path);
        if (fault !== undefined) return verdictOf(fault.outcome, fault.newError);
      }
    }
    return undefined;
  });
  if (early !== undefined) return early;
  for (const round of rounds) {
    const newError = round.newError();
    if (newError !== undefined) return verdictOf('new_errors', newError);
  }
  return verdictOf('clean');
}

type Fault = Pick<Verdict, 'outcome' | 'newError'>;

/** One project under the new texts. Made while it still has the old ones. */
class Round {
  readonly #project: OverlayProject;
  readonly #input: RecheckInput;
  readonly #changed: readonly string[];
  /** What others saw of the changed files. */
  readonly #shapes: ReadonlyMap<string, string | undefined>;
  readonly #after = new Map<string, readonly ts.Diagnostic[]>();
  isSeen = false;

  constructor(project: OverlayProject, input: RecheckInput) {
    this.#project = project;
    this.#input = input;
    this.#changed = [...input.texts.keys()].filter((path) => project.has(path));
    for (const path of this.#changed) project.knownDiagnosticsOf(path);
    const shapes = input.isShallow === true ? [] : this.#changed;
    this.#shapes = new Map(shapes.map((path) => [path, project.shapeOf(path)]));
    if (shapes.length > 0) project.imports();
  }

  /** The target's file first: where its error stays, there is no more to ask. */
  *paths(): Iterable<string> {
    const { target } = this.#input;
    const isOwn = this.#project === target.project;
    const first = new Set([...(isOwn ? [target.path] : []), ...this.#changed]);
    yield* first;
    for (const path of this.#felt()) if (!first.has(path)) yield path;
  }

  check(path: string): Fault | undefined {
    const { target } = this.#input;
    const diagnostics = this.#project.diagnosticsOf(path);
    const isTarget = path === target.path && this.#project === target.project;
    if (isTarget && !isGone(target, diagnostics)) return { outcome: 'unmended' };
    if (diagnostics.length === 0) return undefined;
    if (!this.#project.hasKnown(path)) {
      this.#after.set(path, diagnostics);
      return undefined;
    }
    const [newError] = newErrors(this.#project.knownDiagnosticsOf(path), diagnostics);
    return newError === undefined ? undefined : { outcome: 'new_errors', newError: `${path}: ${newError}` };
  }

  /** What was there before is asked only of files that have errors, once the old texts are back. */
  newError(): string | undefined {
    for (const [path, diagnostics] of this.#after) {
      const [error] = newErrors(this.#project.knownDiagnosticsOf(path), diagnostics);
      if (error !== undefined) return `${path}: ${error}`;
    }
    return undefined;
  }

  *#felt(): Iterable<string> {
    const imports = this.#project.imports.bind(this.#project);
    for (const [path, shape] of this.#shapes) {
      const file = this.#project.program().getSourceFile(path);
      const isChanged = shape === undefined || this.#project.shapeOf(path) !== shape;
      if (!isChanged) continue;
      this.isSeen = true;
      yield* file !== undefined && isGlobal(file) ? imports().files() : imports().reach(path);
    }
  }
}

function isGone({ diagnostic, project, path }: RecheckTarget, after: readonly ts.Diagnostic[]): boolean {
  if (diagnostic === undefined) return true;
  const key = keyOfDiagnostic(diagnostic);
  const count = (all: readonly ts.Diagnostic[]): number => all.filter((each) => keyOfDiagnostic(each) === key).length;
  return count(after) < count(project.knownDiagnosticsOf(path));
}

function newErrors(before: readonly ts.Diagnostic[], after: readonly ts.Diagnostic[]): string[] {
  const left = new Map<string, number>();
  for (const diagnostic of before) {
    const key = keyOfDiagnostic(diagnostic);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return after.map(keyOfDiagnostic).filter((key) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count === 0;
  });
}
