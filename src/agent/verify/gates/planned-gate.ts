import type { GATE_KINDS } from '../verify-report.ts';

export type GateKind = (typeof GATE_KINDS)[number];

/** How what a program wrote is read; `exit_code`: it names nothing one by one. */
export type ReaderName = 'tsc' | 'eslint' | 'oxlint' | 'biome' | 'suite_json' | 'mocha_json' | 'tap' | 'exit_code';

/** A program that judges the workspace as it is. */
export interface GateProgram {
  readonly state: 'ready';
  readonly kind: GateKind;
  /** For people: as it would be typed in the workspace. */
  readonly command: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Relative to the workspace; its root without it. */
  readonly cwd?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly reader: ReaderName;
  /** Warnings of a linter count as errors do. */
  readonly countsWarnings?: boolean | undefined;
  /** A file that it leaves behind, relative to the workspace. */
  readonly leaves?: string | undefined;
  /** Files of scripts are checked, too, not only read. */
  readonly checksScripts?: boolean | undefined;
}

/** One that should judge and can't, with a sentence that says why. */
export interface AbsentGate {
  readonly state: 'absent';
  readonly kind: GateKind;
  readonly command: string;
  readonly reason: string;
}

export type PlannedGate = GateProgram | AbsentGate;

/** A program of an npm package that is installed for the workspace. */
export interface InstalledBin {
  /** Absolute path of what Node executes. */
  readonly script: string;
  readonly version: string;
}

/** The base commit as a plan is made for it, and what is installed. */
export interface PlanPlace {
  /** Tracked files, relative, with forward slashes. */
  readonly files: readonly string[];
  /** Text at the base commit. */
  findText(path: string): Promise<string | undefined>;
  /** `bin` of a package that a file in this folder (relative, `.` for the root) would find. */
  findBin(folder: string, name: string, bin: string): InstalledBin | undefined;
  /** Absolute folders of installed programs for PATH, nearest first. */
  binFolders(folder: string): readonly string[];
}

/** Programs of tests and builds behave as where nobody watches, and write plain text. */
export const GATE_ENV: Readonly<Record<string, string>> = { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0' };
