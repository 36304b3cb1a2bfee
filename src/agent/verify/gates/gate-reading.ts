import type { ReaderName } from './planned-gate.ts';

/** Something wrong that a program named. */
export interface Diagnostic {
  /** Equal for the same before and after: without lines, which move with edits elsewhere. */
  readonly key: string;
  /** `ts/2552`, `eslint/no-debugger`, `test`. */
  readonly rule: string;
  /** Relative to the workspace; undefined for what concerns no file. */
  readonly path: string | undefined;
  readonly isError: boolean;
  /** For people. */
  readonly text: string;
}

/** What a program said, as far as it can be read. */
export interface GateReading {
  /** Undefined where it named nothing one by one: only its exit code speaks. */
  readonly diagnostics: readonly Diagnostic[] | undefined;
  /** Tests that passed, by the same keys. */
  readonly passed: readonly string[];
  /** Files that it looked at, where it names them. */
  readonly covered: readonly string[];
  /** Why it may not have looked at all, in a sentence. */
  readonly partial?: string | undefined;
}

export interface ReadPlace {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the folder in which it was run. */
  readonly cwd: string;
}

export type GateReader = (
  output: { readonly stdout: string; readonly stderr: string },
  place: ReadPlace,
) => GateReading;

export type GateReaders = Readonly<Record<ReaderName, GateReader>>;

export const UNREAD: GateReading = { diagnostics: undefined, passed: [], covered: [] };

/** Messages and names are as long as their authors like. */
export function brief(text: string, most = 300): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
