/** What a shell would act on; here it would silently be an argument, so it must be quoted to be one. */
const OPERATORS = '|&;<>()`$*?\n';

/** What is wrong with the text of a command. */
export interface CommandProblem {
  readonly problem: string;
}

/**
 * Text into words: they are separated by blanks; within '…' all is as it stands; within "…" a backslash stands before a
 * quote or a backslash; elsewhere before any character. There are no variables, patterns or operators: such a character
 * outside quotes is a problem. `""` is an empty word.
 */
export function splitCommand(text: string): readonly string[] | CommandProblem {
  const words: string[] = [];
  const state: Reading = { word: undefined, quote: undefined };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isEscape(character, text.charAt(at + 1), state.quote)) {
      at += 1;
      state.word = (state.word ?? '') + text.charAt(at);
    } else if (state.quote === undefined) {
      const problem = readPlain(character, state, words);
      if (problem !== undefined) return { problem };
    } else if (character === state.quote) {
      state.quote = undefined;
    } else {
      state.word = (state.word ?? '') + character;
    }
  }
  if (state.quote !== undefined) return { problem: `the quote ${state.quote} is not closed` };
  if (state.word !== undefined) words.push(state.word);
  return words.length === 0 ? { problem: 'there is no word in it' } : words;
}

interface Reading {
  word: string | undefined;
  quote: string | undefined;
}

function isEscape(character: string, next: string, quote: string | undefined): boolean {
  if (character !== '\\' || next === '' || quote === "'") return false;
  return quote === undefined || next === '"' || next === '\\';
}

function readPlain(character: string, state: Reading, words: string[]): string | undefined {
  if (character === '"' || character === "'") {
    state.quote = character;
    state.word ??= '';
  } else if (character === ' ' || character === '\t') {
    if (state.word !== undefined) words.push(state.word);
    state.word = undefined;
  } else if (OPERATORS.includes(character)) {
    return `there is no shell to act on ${JSON.stringify(character)}: quote it, or give a list of words`;
  } else {
    state.word = (state.word ?? '') + character;
  }
  return undefined;
}
