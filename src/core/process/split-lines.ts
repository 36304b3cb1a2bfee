import type { Readable } from 'node:stream';

/** A program that never ends its line must not fill our memory. */
const MAX_LINE_CHARACTERS = 8 * 1024;

/** Passes a stream of UTF-8 on line by line; a line that is too long comes in pieces. */
export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  const pass = (line: string): void => {
    let left = line.endsWith('\r') ? line.slice(0, -1) : line;
    for (; left.length > MAX_LINE_CHARACTERS; left = left.slice(MAX_LINE_CHARACTERS)) {
      onLine(left.slice(0, MAX_LINE_CHARACTERS));
    }
    onLine(left);
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = text.split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    for (const line of lines) pass(line);
    for (; rest.length > MAX_LINE_CHARACTERS; rest = rest.slice(MAX_LINE_CHARACTERS)) {
      onLine(rest.slice(0, MAX_LINE_CHARACTERS));
    }
  });
  stream.on('close', () => {
    if (rest !== '') pass(rest);
    rest = '';
  });
}
