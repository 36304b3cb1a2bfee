import { computeLineStarts } from 'typescript/unstable/ast/scanner';

/** Line breaks besides `\n`, and besides the `\r` before one. */
const OTHER_BREAKS = /\r(?!\n)|[\u2028\u2029]/;

/** Lines of a text. Most questions are about the line of the question before, or the one after it. */
export class FlatLines {
  readonly #starts: readonly number[];
  #line = 0;

  constructor(text: string) {
    this.#starts = OTHER_BREAKS.test(text) ? computeLineStarts(text) : startsOf(text);
  }

  /** From 0. */
  lineOf(position: number): number {
    const starts = this.#starts;
    let line = this.#line;
    if ((starts[line] ?? 0) > position) line = this.#search(position, line);
    for (let steps = 0; (starts[line + 1] ?? Infinity) <= position; line += 1, steps += 1) {
      if (steps === 8) {
        line = this.#search(position, starts.length - 1);
        break;
      }
    }
    this.#line = line;
    return line;
  }

  /** From 0. */
  startOf(line: number): number {
    return this.#starts[line] ?? 0;
  }

  #search(position: number, highest: number): number {
    let low = 0;
    let high = highest;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
