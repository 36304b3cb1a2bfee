/** The items in an order that follows from the seed alone (Fisher–Yates over mulberry32). */
export function seededOrder<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  const next = mulberry32(seed);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = Math.floor(next() * (last + 1));
    const [one, other] = [order[last], order[at]];
    if (one !== undefined && other !== undefined) {
      order[last] = other;
      order[at] = one;
    }
  }
  return order;
}

/** Numbers in [0, 1) by T. Ettinger's mulberry32: 32 bits of state are plenty to draw a handful. */
function mulberry32(seed: number): () => number {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
