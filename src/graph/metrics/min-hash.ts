/** Sequences of this many tokens are what two texts have in common or not. */
const SHINGLE = 3;
/** Texts are compared when all hashes of a band agree: about half of those that share 40 % of their shingles are. */
const BANDS = 12;
const HASHES_A_BAND = 3;
const HASHES = BANDS * HASHES_A_BAND;
/** A band that so many share says nothing. */
const MAX_SHARING = 40;

/**
 * Pairs of texts, by their indexes, that are likely to share many sequences of tokens: minimal hashes (A. Broder, 1997)
 * in bands (P. Indyk, R. Motwani, 1998).
 */
export function likelyPairsOf(texts: readonly Int32Array[]): (readonly [number, number])[] {
  const signatures = texts.map(signatureOf);
  const pairs = new Map<number, readonly [number, number]>();
  for (let band = 0; band < BANDS; band += 1) {
    const buckets = new Map<string, number[]>();
    for (const [index, signature] of signatures.entries()) {
      const key = signature.subarray(band * HASHES_A_BAND, (band + 1) * HASHES_A_BAND).join(' ');
      const bucket = buckets.get(key) ?? [];
      if (bucket.length < MAX_SHARING) bucket.push(index);
      buckets.set(key, bucket);
    }
    for (const bucket of buckets.values()) addPairs(pairs, bucket, texts.length);
  }
  return [...pairs.values()];
}

function addPairs(pairs: Map<number, readonly [number, number]>, bucket: readonly number[], count: number): void {
  for (const [at, one] of bucket.entries()) {
    for (const two of bucket.slice(at + 1)) pairs.set(one * count + two, [one, two]);
  }
}

function signatureOf(text: Int32Array): Uint32Array {
  const least = new Uint32Array(HASHES).fill(0xffffffff);
  for (let at = 0; at + SHINGLE <= text.length; at += 1) {
    let own = 0;
    for (let step = 0; step < SHINGLE; step += 1) own = mixed(own + (text[at + step] ?? 0) + 0x9e3779b9);
    for (let hash = 0; hash < HASHES; hash += 1) {
      const value = mixed(own ^ Math.imul(hash + 1, 0x85ebca6b));
      if (value < (least[hash] ?? 0)) least[hash] = value;
    }
  }
  return least;
}

/** Spreads the bits of a number over all of it: the last step of MurmurHash3. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
