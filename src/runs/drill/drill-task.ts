import { CopyWriter } from '../../core/db/index.ts';

export interface DrillTask {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

/** The value of one operation: splitmix32 over seed and sequence (Steele et al. 2014, finalizer of MurmurHash3). */
export function drillValue(seed: number, sequence: number): number {
  let mixed = (Math.imul(sequence, 0x9e37_79b9) + seed) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The rows of a range of operations as a whole binary COPY. */
export function drillRows({ seed, from, count }: DrillTask): Uint8Array {
  const writer = new CopyWriter();
  writer.header();
  for (let sequence = from; sequence < from + count; sequence += 1) {
    writer.row(2);
    writer.int64(sequence);
    writer.int64(drillValue(seed, sequence));
  }
  writer.trailer();
  return writer.take();
}

/** What all values of a drill add up to, computed apart from what was stored. */
export function drillSum(seed: number, operations: number): string {
  let sum = 0n;
  let part = 0;
  for (let sequence = 0; sequence < operations; sequence += 1) {
    part += drillValue(seed, sequence);
    // A value has 32 bits: 2^20 of them stay exact in a double.
    if (sequence % 1_048_576 === 1_048_575) {
      sum += BigInt(part);
      part = 0;
    }
  }
  return (sum + BigInt(part)).toString();
}
