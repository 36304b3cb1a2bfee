import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.literal('lightdom'), version: z.string() });

/** The version in our package.json, which lies one folder above the sources and two above the build. */
export function readVersion(): string {
  for (const relative of ['../../package.json', '../../../package.json']) {
    try {
      const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(new URL(relative, import.meta.url), 'utf8')));
      if (parsed.success) return parsed.data.version;
    } catch {
      // Not at this depth.
    }
  }
  return '0.0.0';
}
