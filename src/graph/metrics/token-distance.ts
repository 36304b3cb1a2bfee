/**
 * How many tokens have to be dropped or added to make one text of another; undefined for more than `max`. E. Myers, "An
 * O(ND) Difference Algorithm and Its Variations" (1986), without the script.
 */
export function tokenDistanceOf(one: Int32Array, two: Int32Array, max: number): number | undefined {
  const furthest = new Int32Array(2 * max + 3);
  for (let edits = 0; edits <= max; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = furthest[diagonal + max] ?? 0;
      const right = furthest[diagonal + max + 2] ?? 0;
      const isDown = diagonal === -edits || (diagonal !== edits && left < right);
      let x = isDown ? right : left + 1;
      while (x < one.length && x - diagonal < two.length && one[x] === two[x - diagonal]) x += 1;
      furthest[diagonal + max + 1] = x;
      if (x >= one.length && x - diagonal >= two.length) return edits;
    }
  }
  return undefined;
}
