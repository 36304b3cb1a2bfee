import type { ReaderName } from './planned-gate.ts';

/** How a known runner of tests is asked for a report that can be read, and for some files alone. */
export interface TestRunner {
  readonly name: string;
  /** The npm package and its program; undefined for Node itself. */
  readonly bin: { readonly name: string; readonly bin: string } | undefined;
  readonly reader: ReaderName;
  /** Its own words with what asks for the report. */
  argsFor(words: RunnerWords): readonly string[];
}

export interface RunnerWords {
  readonly args: readonly string[];
  /** Test files, relative to where it is run; empty: all. */
  readonly selected: readonly string[];
  /** Of the installed package; empty for Node. */
  readonly version: string;
}

/** Words that choose another report, watch for edits, or measure what is covered; those in the second list have a value. */
const DROPPED =
  /^(?:--(?:watch\w*|ui|open|reporters?|test-reporter(?:-destination)?|coverage[\w.-]*|experimental-test-coverage|no-coverage|verbose|silent|tap|json|ci)(?:=.*)?|-w|-R)$/;
const DROPPED_WITH_VALUE = /^(?:--(?:reporters?|test-reporter(?:-destination)?|coverage\.[\w.-]+)|-R)$/;
/** Flags of Node and mocha whose value is the next word. */
const WITH_VALUE =
  /^(?:--(?:import|require|loader|experimental-loader|env-file|conditions|test-name-pattern|test-concurrency|test-timeout|timeout|slow|ui|file|spec|extension|grep|fgrep|config|package|retries|jobs|exit-code)|-[rCtsugfj])$/;

const RUNNERS: readonly TestRunner[] = [
  {
    name: 'vitest',
    bin: { name: 'vitest', bin: 'vitest' },
    reader: 'suite_json',
    argsFor: ({ args, selected, version }) => {
      const own = kept(args).filter((word, index) => index > 0 || !/^(?:run|watch|dev)$/.test(word));
      // Its usual loader writes into node_modules, which may be read-only.
      const isNew = Number.parseInt(version, 10) >= 4 && !own.some((word) => word.startsWith('--configLoader'));
      const loader = isNew ? ['--configLoader=runner'] : [];
      return ['run', ...own, ...loader, '--reporter=json', '--coverage.enabled=false', ...selected];
    },
  },
  {
    name: 'jest',
    bin: { name: 'jest', bin: 'jest' },
    reader: 'suite_json',
    argsFor: ({ args, selected }) => {
      const own = kept(args);
      const isChosen = selected.length > 0 && own.every((word) => word.startsWith('-'));
      return [...own, '--ci', '--json', '--coverage=false', ...(isChosen ? ['--runTestsByPath', ...selected] : [])];
    },
  },
  { name: 'node', bin: undefined, reader: 'tap', argsFor: nodeArgs },
  { name: 'tsx', bin: { name: 'tsx', bin: 'tsx' }, reader: 'tap', argsFor: nodeArgs },
  {
    name: 'mocha',
    bin: { name: 'mocha', bin: 'mocha' },
    reader: 'mocha_json',
    argsFor: (words) => [...replaced(words), '--reporter', 'json'],
  },
  { name: 'ava', bin: { name: 'ava', bin: 'ava' }, reader: 'tap', argsFor: (words) => ['--tap', ...replaced(words)] },
  {
    name: 'tap',
    bin: { name: 'tap', bin: 'tap' },
    reader: 'tap',
    argsFor: (words) => ['--reporter=tap', ...replaced(words)],
  },
  { name: 'tape', bin: { name: 'tape', bin: 'tape' }, reader: 'tap', argsFor: replaced },
];

/** By the program of a script: Node and tsx only where they are told to test. */
export function findRunner(program: string, args: readonly string[]): TestRunner | undefined {
  const runner = RUNNERS.find(({ name }) => name === program);
  const isGeneral = program === 'node' || program === 'tsx';
  return isGeneral && !args.includes('--test') ? undefined : runner;
}

function nodeArgs(words: RunnerWords): readonly string[] {
  const own = replaced({ ...words, args: words.args.filter((word) => word !== '--test') });
  const flags = own.filter((_, index) => isFlag(own, index));
  const files = own.filter((_, index) => !isFlag(own, index));
  return [...flags, '--test', '--test-reporter=tap', ...files];
}

/** Files named in the script give way to those that were chosen. */
function replaced({ args, selected }: RunnerWords): readonly string[] {
  const own = kept(args);
  return selected.length === 0 ? own : [...own.filter((_, index) => isFlag(own, index)), ...selected];
}

function isFlag(words: readonly string[], index: number): boolean {
  return (words[index] ?? '').startsWith('-') || WITH_VALUE.test(words[index - 1] ?? '');
}

function kept(args: readonly string[]): readonly string[] {
  return args.filter((word, index) => !DROPPED.test(word) && !DROPPED_WITH_VALUE.test(args[index - 1] ?? ''));
}
