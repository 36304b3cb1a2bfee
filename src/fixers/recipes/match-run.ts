import { AppError } from '../../core/errors.ts';
import { entryPath, forkNode } from '../../core/process/index.ts';
import { matchMessageSchema } from './match-messages.ts';
import type { MatchMessage, MatchTask, RecipeMatch } from './match-messages.ts';
import type { Recipe } from './recipe-schema.ts';

export interface MatchFile {
  readonly path: string;
  /** Numbers of the recipes that are looked for. */
  readonly recipes: readonly number[];
  readonly text?: string | undefined;
}

export interface MatchRequest {
  readonly root: string;
  readonly recipes: readonly Recipe[];
  readonly files: readonly MatchFile[];
  readonly signal: AbortSignal;
  readonly limits?: MatchLimits | undefined;
}

export interface MatchLimits {
  /** For one file. */
  readonly fileMs: number;
  /** For all of them. */
  readonly totalMs: number;
}

export interface FileMatches {
  readonly path: string;
  readonly matches: readonly RecipeMatch[];
  readonly errors: number;
}

export interface MatchResult {
  readonly files: readonly FileMatches[];
  /** What is wrong with recipes, and what was not looked at. */
  readonly problems: readonly string[];
}

const LIMITS: MatchLimits = { fileMs: 5_000, totalMs: 120_000 };
/** To start a process and load the matcher takes up to a second on a busy machine. */
const START_MS = 10_000;
const MEMORY_MB = 512;

/**
 * Matches recipes in a process of their own. One that hangs or kills the process in a file is named and left out of all that
 * follows. Throws `cancelled` alone.
 */
export async function matchRecipes(request: MatchRequest): Promise<MatchResult> {
  const { fileMs, totalMs } = request.limits ?? LIMITS;
  const deadline = Date.now() + totalMs;
  const state: State = { found: new Map(), problems: new Set(), dropped: new Set(), from: 0, isPrecise: false };
  const { files, recipes } = request;
  while (state.from < files.length && state.dropped.size < recipes.length) {
    if (Date.now() >= deadline) {
      state.problems.add(`stopped after ${totalMs} ms: ${files.length - state.from} files were not looked at`);
      break;
    }
    const { from, dropped, isPrecise } = state;
    const until = isPrecise ? from + 1 : files.length;
    const ended = await runOnce(request, { from, until, dropped, isPrecise, fileMs, deadline });
    keep(state, request, ended);
    if (ended.stop === 'done') {
      state.from = until;
      state.isPrecise = false;
    } else if (!ended.isStarted) {
      state.problems.add(`recipes could not be matched: the process ${ended.stop}`);
      break;
    } else if (Date.now() < deadline) {
      blame(state, request, ended);
    }
  }
  const left = [...state.found.values()].map(({ path, matches, errors }) => {
    return { path, errors, matches: matches.filter(({ recipe }) => !state.dropped.has(recipe)) };
  });
  return { files: left, problems: [...state.problems] };
}

interface State {
  readonly found: Map<number, FileMatches>;
  readonly problems: Set<string>;
  /** Recipes that are not looked for any more. */
  readonly dropped: Set<number>;
  /** The file that is next. */
  from: number;
  /** Whether it is looked through alone, to see which recipe it is. */
  isPrecise: boolean;
}

function keep({ found, dropped, problems }: State, { recipes }: MatchRequest, ended: Ended): void {
  for (const [at, matches] of ended.found) found.set(at, matches);
  for (const [at, reason] of ended.broken) {
    dropped.add(at);
    problems.add(`${recipes[at]?.id ?? ''}: ${reason}`);
  }
}

/** Finds out what it was that did not end: then it goes on without that. */
function blame(state: State, { recipes, files }: MatchRequest, { at, recipe, stop }: Ended): void {
  const file = files[at];
  const left = (file?.recipes ?? []).filter((each) => !state.dropped.has(each));
  const culprit = recipe ?? (left.length === 1 ? left[0] : undefined);
  state.from = at;
  if (culprit !== undefined) {
    state.dropped.add(culprit);
    state.problems.add(`${recipes[culprit]?.id ?? ''}: ${stop} in ${file?.path ?? ''}, and is left out`);
  } else if (state.isPrecise) {
    // Before any recipe was begun with: the file itself can't be read.
    state.problems.add(`${file?.path ?? ''}: ${stop}`);
    state.from += 1;
  }
  state.isPrecise = culprit === undefined && !state.isPrecise;
}

interface Pass {
  readonly from: number;
  readonly until: number;
  readonly dropped: ReadonlySet<number>;
  readonly isPrecise: boolean;
  readonly fileMs: number;
  readonly deadline: number;
}

interface Ended {
  readonly found: ReadonlyMap<number, FileMatches>;
  readonly broken: ReadonlyMap<number, string>;
  /** Whether the process has told anything at all. */
  readonly isStarted: boolean;
  /** `done`, or how it was stopped. */
  readonly stop: string;
  /** Where it was. */
  readonly at: number;
  readonly recipe: number | undefined;
}

async function runOnce(request: MatchRequest, pass: Pass): Promise<Ended> {
  const watch = new MatchWatch(request, pass);
  const child = forkNode(entryPath(import.meta.url, './recipe-match-worker.ts'), [], {
    onMessage: (message) => watch.hear(message),
    onLine: () => {},
    nodeArgs: [`--max-old-space-size=${MEMORY_MB}`],
  });
  const onAbort = (): void => watch.stop('cancelled');
  request.signal.addEventListener('abort', onAbort, { once: true });
  void child.exited.then((how) => watch.stop(`ended its process (${how})`));
  child.send(taskOf(request, pass));
  const ended = await watch.ended;
  request.signal.removeEventListener('abort', onAbort);
  child.signal('SIGKILL');
  await child.exited;
  if (request.signal.aborted)
    throw new AppError('cancelled', 'Matching recipes was cancelled.', { cause: request.signal.reason });
  return ended;
}

function taskOf({ root, recipes, files }: MatchRequest, { from, until, dropped, isPrecise }: Pass): MatchTask {
  return {
    root,
    recipes: recipes.map(({ id, language, rule, constraints, utils, fix }) => ({
      id,
      language,
      config: { rule, ...(constraints !== undefined && { constraints }), ...(utils !== undefined && { utils }) },
      ...(fix !== undefined && { fix }),
    })),
    files: files.slice(from, until).map(({ path, recipes: wanted, text }) => {
      return { path, text, recipes: wanted.filter((recipe) => !dropped.has(recipe)) };
    }),
    isPrecise,
  };
}

/** Hears what the process tells, and ends the wait when it tells nothing for too long. */
class MatchWatch {
  readonly ended: Promise<Ended>;
  readonly #request: MatchRequest;
  readonly #pass: Pass;
  readonly #found = new Map<number, FileMatches>();
  readonly #broken = new Map<number, string>();
  #at: number;
  #recipe: number | undefined;
  #isStarted = false;
  #resolve: (ended: Ended) => void = () => {};
  #timer: NodeJS.Timeout;

  constructor(request: MatchRequest, pass: Pass) {
    this.#request = request;
    this.#pass = pass;
    this.#at = pass.from;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = this.#wait(START_MS);
  }

  hear(raw: unknown): void {
    const { data: message } = matchMessageSchema.safeParse(raw);
    if (message === undefined) return;
    this.#isStarted = true;
    clearTimeout(this.#timer);
    this.#timer = this.#wait(this.#pass.fileMs);
    this.#note(message);
    if (message.kind === 'done') this.stop('done');
  }

  stop(stop: string): void {
    clearTimeout(this.#timer);
    this.#resolve({
      found: this.#found,
      broken: this.#broken,
      isStarted: this.#isStarted,
      stop,
      at: this.#at,
      recipe: this.#recipe,
    });
  }

  #note(message: MatchMessage): void {
    if (message.kind === 'at') {
      this.#at = this.#pass.from + message.file;
      this.#recipe = message.recipe;
    } else if (message.kind === 'matched') {
      const at = this.#pass.from + message.file;
      const { matches, errors } = message;
      this.#found.set(at, { path: this.#request.files[at]?.path ?? '', matches, errors });
    } else if (message.kind === 'broken') {
      this.#broken.set(message.recipe, message.reason);
    }
  }

  #wait(ms: number): NodeJS.Timeout {
    const left = Math.max(0, Math.min(ms, this.#pass.deadline - Date.now()));
    return setTimeout(() => this.stop(`took more than ${left} ms`), left);
  }
}
