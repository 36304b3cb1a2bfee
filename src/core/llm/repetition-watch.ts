import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import { parsedJson } from './loop-tool.ts';

/** As often as the same call may give the same answer among the last calls. */
const MAX_SAME = 3;
const WINDOW = 20;
/** Longer arguments are compared as they were written. */
const MAX_SORTED_LENGTH = 2_000;

/** Sees when a model goes round in circles: the same call with the same answer, again and again, also with others between. */
export class RepetitionWatch {
  readonly #recent: string[] = [];

  /** Notes a call and its answer; true when it has been seen too often. */
  isRepeated(call: { readonly name: string; readonly arguments: string; readonly answer: string }): boolean {
    const parsed = call.arguments.length > MAX_SORTED_LENGTH ? undefined : parsedJson(call.arguments);
    const args = parsed === undefined ? call.arguments : canonicalJson(parsed.value);
    const key = createHash('sha256')
      .update(JSON.stringify([call.name, args, call.answer]))
      .digest('hex');
    this.#recent.push(key);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    return this.#recent.filter((one) => one === key).length >= MAX_SAME;
  }
}
