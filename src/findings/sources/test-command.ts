/** The known runner that a `test` script starts, and how. */
export interface TestCommand {
  readonly runner: TestRunner;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Parts of the script that are not run, as they stand there. */
  readonly skipped: readonly string[];
}

export const TEST_RUNNERS = ['vitest', 'jest', 'mocha', 'node'] as const;
export type TestRunner = (typeof TEST_RUNNERS)[number];

/** Starts what stands behind it, which is looked for anyway. */
const WRAPPER = /^(?:npx|exec|pnpm|yarn|bunx?|cross-env|env|c8|nyc|dotenv|--|--no-install)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** They would write into the workspace, or wait for edits. */
const DROPPED =
  /^(?:--coverage(?:[.=].*)?|--watch(?:All)?(?:=.*)?|-w|-u|--update(?:Snapshot)?|--reporter(?:s|-options?)?=.*|--output-?[Ff]ile(?:[.=].*)?|--test-reporter(?:-destination)?=.*|--json|--ui|--open)$/;
/** Of these the value stands behind them. */
const DROPPED_WITH_VALUE =
  /^(?:--reporters?|--reporter-options?|-R|-O|--output-?[Ff]ile|--test-reporter(?:-destination)?)$/;

/** Undefined where the script starts no runner that is known, or leaves it to a shell what it starts. */
export function parseTestScript(script: string): TestCommand | undefined {
  const segments = script.split(/&&|\|\||;|\n/).map((segment) => segment.trim());
  for (const segment of segments) {
    const words = wordsOf(segment);
    const command = words === undefined ? undefined : commandOf(words);
    if (command !== undefined) return { ...command, skipped: segments.filter((each) => each !== segment) };
  }
  return undefined;
}

/** As a shell parts them; undefined where it would do more than that. */
export function wordsOf(segment: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:((?:[^\s"'\\$`|<>&()]|"[^"\\$`]*"|'[^']*')+)|(\S))/gy;
  for (let match = pattern.exec(segment); match !== null; match = pattern.exec(segment)) {
    const [, word, other] = match;
    if (other !== undefined || word === undefined) return undefined;
    words.push(
      word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
    );
  }
  return words;
}

function commandOf(words: readonly string[]): Omit<TestCommand, 'skipped'> | undefined {
  const env: Record<string, string> = {};
  for (const [at, word] of words.entries()) {
    const [, name, value = ''] = ASSIGNMENT.exec(word) ?? [];
    if (name !== undefined) env[name] = value;
    else if (!WRAPPER.test(word)) return runnerOf(word, words.slice(at + 1), env);
  }
  return undefined;
}

function runnerOf(
  word: string,
  rest: readonly string[],
  env: Readonly<Record<string, string>>,
): Omit<TestCommand, 'skipped'> | undefined {
  if (word === 'node') return rest.includes('--test') ? { runner: 'node', args: kept(rest), env } : undefined;
  const runner = TEST_RUNNERS.find((name) => name === word.replace(/^(?:\.\/)?node_modules\/\.bin\//, ''));
  if (runner === undefined || runner === 'node') return undefined;
  const args = runner === 'vitest' && /^(?:run|watch|dev)$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
  return { runner, args: kept(args), env };
}

function kept(args: readonly string[]): string[] {
  return args.filter(
    (arg, at) => !DROPPED.test(arg) && !DROPPED_WITH_VALUE.test(arg) && !DROPPED_WITH_VALUE.test(args[at - 1] ?? ''),
  );
}
