/**
 * The same numbers for the same seed: mulberry32, public domain.
 * @param {number} seed
 * @returns {() => number} from 0 to below 1
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {() => number} random
 * @returns {Item[]}
 */
export function shuffled(items, random) {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((one, two) => one.order - two.order)
    .map(({ item }) => item);
}

/**
 * A slip of the hand: two letters swapped, one left out, or one doubled; never the first.
 * @param {string} word of at least four letters
 * @param {() => number} random
 */
export function misspelt(word, random) {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const kind = Math.floor(random() * 3);
  const [left, letter, next, right] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1), word.slice(at + 2)];
  if (kind === 0 && letter !== next) return `${left}${next}${letter}${right}`;
  if (kind === 1) return `${left}${next}${right}`;
  return `${left}${letter}${letter}${next}${right}`;
}
