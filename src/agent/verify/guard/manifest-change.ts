import { z } from 'zod';

const manifestSchema = z.record(z.string(), z.unknown());
const DEPENDENCIES = new Set(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']);
const namesSchema = z.record(z.string(), z.string()).default({});

/** Names of the parts of two manifests that differ otherwise than by dependencies that are gone; all, if one is no JSON. */
export function manifestChanges(base: string, next: string): readonly string[] {
  const before = parsed(base);
  const after = parsed(next);
  if (before === undefined || after === undefined) return ['JSON'];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => {
    const isSame = JSON.stringify(before[key]) === JSON.stringify(after[key]);
    return !isSame && !(DEPENDENCIES.has(key) && isRemoval(before[key], after[key]));
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What is left is as it was. */
function isRemoval(before: unknown, after: unknown): boolean {
  const had = namesSchema.safeParse(before);
  const has = namesSchema.safeParse(after);
  return had.success && has.success && Object.entries(has.data).every(([name, range]) => had.data[name] === range);
}
