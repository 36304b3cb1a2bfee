import { distance } from 'fastest-levenshtein';

/** Below this share of common words two names are strangers. */
const MIN_WORD_SHARE = 0.6;

/**
 * The valid key that was probably meant: a misspelt neighbour first, then a key elsewhere in the tree whose path is
 * nearly the same or consists of the same words (`maxConcurrentCampaigns` → `services.campaigns.maxConcurrent`).
 */
export function nearestKey(
  unknown: string,
  siblings: readonly string[],
  everywhere: readonly string[],
): string | undefined {
  const neighbour = nearestSpelling(unknown, siblings);
  if (neighbour !== undefined) return neighbour;
  return sameWords(unknown, everywhere) ?? nearestSpelling(unknown, everywhere);
}

/** The candidate with the fewest edits, if at most a third of the letters differ. */
export function nearestSpelling(unknown: string, candidates: readonly string[]): string | undefined {
  const folded = unknown.toLowerCase();
  let best: { name: string; edits: number } | undefined;
  for (const name of candidates) {
    const edits = distance(folded, name.toLowerCase());
    if (edits > Math.max(1, Math.floor(Math.min(name.length, unknown.length) / 3))) continue;
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  return best?.name;
}

function sameWords(unknown: string, candidates: readonly string[]): string | undefined {
  const wanted = wordsOf(unknown);
  let best: { name: string; share: number } | undefined;
  for (const name of candidates) {
    const words = wordsOf(name);
    const common = [...wanted].filter((word) => words.has(word)).length;
    const share = (2 * common) / (wanted.size + words.size);
    if (share < MIN_WORD_SHARE) continue;
    if (best === undefined || share > best.share) best = { name, share };
  }
  return best?.name;
}

/** Words in lower case, without a plural s. */
function wordsOf(name: string): Set<string> {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  return new Set(words.filter((word) => word !== '').map((word) => word.toLowerCase().replace(/(?<=..)s$/, '')));
}
