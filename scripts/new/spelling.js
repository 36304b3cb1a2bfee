/** The spellings of one name: `graph_find`, `graph-find`, `graphFind`, `Graph find`. */

/** @param {string} name in snake case */
export function kebabOf(name) {
  return name.replaceAll('_', '-');
}

/** @param {string} name in snake case */
export function camelOf(name) {
  return name.replaceAll(/_(\w)/g, (_match, letter) => String(letter).toUpperCase());
}

/** @param {string} name in snake case */
export function titleOf(name) {
  const words = name.replaceAll('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Leaves room for the prefixes that hosts put before a name, within the protocol's 64 characters. */
const MAX_NAME_LENGTH = 40;

/**
 * @param {string} name
 * @param {{ words: number, example: string }} options the least number of words
 */
export function checkName(name, { words, example }) {
  const isSnake = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name);
  if (isSnake && name.split('_').length >= words && name.length <= MAX_NAME_LENGTH) return;
  throw new Error(
    `"${name}" cannot be a name here: ${words > 1 ? `at least ${words} words` : 'words'} in small letters and digits, ` +
      `joined by underscores, at most ${MAX_NAME_LENGTH} characters, such as ${example}.`,
  );
}
