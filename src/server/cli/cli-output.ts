import process from 'node:process';
import { clearLine, cursorTo } from 'node:readline';

/** Where a command speaks: one JSON document or text on stdout, everything else on stderr. */
export interface CliOutput {
  /** The answer of the command. */
  result(value: unknown, text: string): void;
  /** Something on the way to the answer. */
  note(text: string): void;
  /** A line that replaces itself on a terminal; elsewhere one line each 10 s. */
  progress(line: string): void;
  /** Takes the progress line away. */
  endProgress(): void;
}

const PLAIN_PROGRESS_INTERVAL_MS = 10_000;

export function createOutput(isJson: boolean): CliOutput {
  const stderr = process.stderr;
  let isLineOpen = false;
  let lastPlainMs = 0;
  const endProgress = (): void => {
    if (!isLineOpen) return;
    clearLine(stderr, 0);
    cursorTo(stderr, 0);
    isLineOpen = false;
  };
  return {
    result(value, text) {
      endProgress();
      process.stdout.write(isJson ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
    },
    note(text) {
      endProgress();
      stderr.write(`${text}\n`);
    },
    progress(line) {
      if (stderr.isTTY) {
        endProgress();
        stderr.write(line.slice(0, Math.max(20, stderr.columns - 1)));
        isLineOpen = true;
      } else if (Date.now() - lastPlainMs >= PLAIN_PROGRESS_INTERVAL_MS) {
        lastPlainMs = Date.now();
        stderr.write(`${line}\n`);
      }
    },
    endProgress,
  };
}

const BAR_WIDTH = 24;

/** `[#####-----]  41 % 1234/3000 files  reading` */
export function progressLine(progress: { done: number; total: number; unit: string; message: string }): string {
  const { done, total, unit, message } = progress;
  if (total === 0) return `[${'-'.repeat(BAR_WIDTH)}] ${message}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % ${done}/${total} ${unit}  ${message}`;
}
