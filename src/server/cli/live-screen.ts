import process from 'node:process';

const MIN_COLUMNS = 40;
const MIN_ROWS = 10;

/** The second screen of a terminal, so that what stood there before is there again at the end. */
const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_LINE_END = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

/**
 * Gives `work` a terminal of its own: `show` replaces what is on it. However it ends, cursor and screen are as before. No
 * key is read: Ctrl-C stays what it is.
 */
export async function withLiveScreen(work: (show: (lines: readonly string[]) => void) => Promise<void>): Promise<void> {
  const { stdout } = process;
  const leave = (): void => void stdout.write(LEAVE);
  process.once('exit', leave);
  stdout.write(ENTER);
  try {
    await work((lines) => {
      // A terminal that does not tell its size says 0.
      const columns = Math.max(stdout.columns, MIN_COLUMNS);
      const rows = Math.max(stdout.rows, MIN_ROWS);
      const fitting = lines.slice(0, rows - 1).map((line) => `${line.slice(0, columns)}${CLEAR_LINE_END}\n`);
      stdout.write(`${HOME}${fitting.join('')}${CLEAR_BELOW}`);
    });
  } finally {
    process.off('exit', leave);
    leave();
  }
}
