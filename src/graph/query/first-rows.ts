/**
 * The first rows by descending score, ties in the order of the rows. A search may match most of the graph while a page
 * shows twenty: only what is shown is put in order.
 */
export function firstRows(rows: readonly number[], scores: Float32Array, count: number): number[] {
  const byScore = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;
  if (count >= rows.length) return rows.toSorted(byScore);
  let best: number[] = [];
  let bar = -Infinity;
  for (const row of rows) {
    if ((scores[row] ?? 0) < bar) continue;
    best.push(row);
    // Cutting now and then, by twice the page, keeps the cost of each row constant.
    if (best.length < 2 * count + 64) continue;
    best = best.toSorted(byScore).slice(0, count);
    bar = scores[best.at(-1) ?? -1] ?? -Infinity;
  }
  return best.toSorted(byScore).slice(0, count);
}
