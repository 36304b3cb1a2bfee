import process from 'node:process';
import { clearLine, cursorTo } from 'node:readline';

/** Where a command speaks: one JSON document or text on stdout, everything else on stderr. */
export interface CliOutput {
  /** The answer of the command. */
  result(value: unknown, text: string): void;
  /** A part of an answer that comes line by line; unsaid where the answer is one JSON document. */
  line(text: string): void;
  /** One of many answers: a line of text, or of JSON. */
  record(value: unknown, text: string): void;
  /** The whole of an answer that came line by line, for who wants one JSON document. */
  document(value: unknown): void;
  /** Something on the way to the answer. */
  note(text: string): void;
  /** A line that replaces itself on a terminal; elsewhere one line each 10 s. */
  progress(line: string): void;
  /** Takes the progress line away. */
  endProgress(): void;
}

const PLAIN_PROGRESS_INTERVAL_MS = 10_000;

export function createOutput(isJson: boolean): CliOutput {
  const { stdout, stderr } = process;
  const shown = progressOn(stderr);
  const line = (text: string): void => {
    shown.endProgress();
    if (!isJson) stdout.write(`${text}\n`);
  };
  const document = (value: unknown): void => {
    shown.endProgress();
    if (isJson) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  };
  return {
    ...shown,
    line,
    document,
    record(value, text) {
      shown.endProgress();
      stdout.write(`${isJson ? JSON.stringify(value) : text}\n`);
    },
    result(value, text) {
      document(value);
      line(text);
    },
    note(text) {
      shown.endProgress();
      stderr.write(`${text}\n`);
    },
  };
}

function progressOn(stderr: NodeJS.WriteStream): Pick<CliOutput, 'progress' | 'endProgress'> {
  let isLineOpen = false;
  let lastPlainMs = 0;
  const endProgress = (): void => {
    if (!isLineOpen) return;
    clearLine(stderr, 0);
    cursorTo(stderr, 0);
    isLineOpen = false;
  };
  return {
    endProgress,
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
  };
}

const BAR_WIDTH = 24;

/** `[#####-----]  41 % 1234/3000 files  120/s, 15 s left  reading` */
export function progressLine(
  progress: { done: number; total: number; unit: string; message: string },
  pace: string = '',
): string {
  const { done, total, unit, message } = progress;
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled)}]`;
  const count = total === 0 ? bar : `${bar} ${String(Math.floor(share * 100)).padStart(3)} % ${done}/${total} ${unit}`;
  return [count, pace, message].filter((part) => part !== '').join('  ');
}
