import process from 'node:process';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { readLintOutput } from '../../core/lint-output.ts';
import type { LinterName, LintMessage } from '../../core/lint-output.ts';
import { findInstalledProgram } from '../../core/process/index.ts';
import type { InstalledProgram } from '../../core/process/index.ts';
import type { FixPlace } from '../fixer.ts';
import { LINTER_SCRIPT } from './linter-script.ts';

/** A linter with types reads the whole project first. */
const TIMEOUT_MS = 120_000;
/** A text is handed over in arguments, of which the system takes about two megabytes in all. */
export const MAX_TEXT_CHARACTERS = 400_000;
/** The system takes 128 KB an argument. */
const CHUNK_CHARACTERS = 100_000;

export interface LinterSteps {
  readonly path: string;
  /** Instead of what the file holds. */
  readonly text?: string | undefined;
  /** In a mirror of the place that may be written; else the text comes by standard input. */
  readonly isMirror: boolean;
  /** Arguments of one run after another. */
  readonly steps: readonly (readonly string[])[];
  /** Files beside it in the mirror: a configuration. */
  readonly files?: Readonly<Record<string, string>>;
}

const answerSchema = z.object({
  text: z.string(),
  results: z.array(z.object({ exitCode: z.number(), stdout: z.string(), stderr: z.string() })),
});
export type LinterAnswer = z.output<typeof answerSchema>;

/** The linter that is installed for the place. */
export function linterOf(place: FixPlace, packageName: string, bin: string): InstalledProgram | undefined {
  return findInstalledProgram({ root: place.root, folder: place.root }, packageName, bin);
}

/** Runs a linter of the place, shut in. Throws `upstream_failed` when it can't be run at all. */
export async function runLinter(
  place: FixPlace,
  { script }: InstalledProgram,
  { path, text, isMirror, steps, files = {} }: LinterSteps,
): Promise<LinterAnswer> {
  const request = JSON.stringify({ root: place.root, path, script, isMirror, steps, files });
  const { exitCode, stdout, stderr } = await place.run({
    file: process.execPath,
    args: ['-e', LINTER_SCRIPT, '--', request, ...chunksOf(text)],
    timeoutMs: TIMEOUT_MS,
  });
  const answer = exitCode === 0 ? answerSchema.safeParse(parsed(stdout)).data : undefined;
  if (answer !== undefined) return answer;
  throw new AppError('upstream_failed', `${script} could not be run on ${path}: ${stderr.trim().slice(-300)}`);
}

/** What a linter wrote as JSON; undefined when it is none. */
export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** What it says of the one file that it was given; undefined where that is nothing that can be read. */
export function readMessages(linter: LinterName, stdout: string | undefined): LintMessage[] | undefined {
  try {
    return readLintOutput(linter, parsed(stdout));
  } catch (error) {
    if (error instanceof z.ZodError) return undefined;
    throw error;
  }
}

function chunksOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  const chunks: string[] = [];
  for (let at = 0; at < encoded.length; at += CHUNK_CHARACTERS) chunks.push(encoded.slice(at, at + CHUNK_CHARACTERS));
  // An empty text is one, too.
  return chunks.length === 0 ? [''] : chunks;
}
