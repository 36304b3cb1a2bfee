import { createHash } from 'node:crypto';
import type { Found } from './finding-schema.ts';

/** One finding for all of the same fingerprint, and how many they were. */
export interface MergedFinding extends Found {
  readonly fingerprint: string;
  readonly occurrences: number;
}

/**
 * What makes two sights one finding: the rule, the symbol (or else the file), and the message without its numbers, since
 * lines and counts change with edits elsewhere. Findings of compilers and linters hang on the file: which symbol they
 * are in is known only while the index is fresh, and a finding must not be new each time that it is not.
 */
export function fingerprintOf({ rule, nodeId, path, message }: Found): string {
  const parts = [
    rule,
    nodeId ?? path,
    message
      .replaceAll(/\b\d+\b/g, '#')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/** The first of each fingerprint stands for all; its evidence tells the lines of the first of them. */
export function mergeFindings(all: readonly Found[]): MergedFinding[] {
  const groups = new Map<string, Found[]>();
  for (const found of all) {
    const fingerprint = fingerprintOf(found);
    const group = groups.get(fingerprint);
    if (group === undefined) groups.set(fingerprint, [found]);
    else group.push(found);
  }
  return [...groups].flatMap(([fingerprint, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const lines = group.flatMap(({ line }) => line ?? []).slice(0, MAX_LINES);
    const evidence = group.length === 1 ? first.evidence : { ...first.evidence, lines };
    return [{ ...first, evidence: evidence ?? {}, fingerprint, occurrences: group.length }];
  });
}

const MAX_LINES = 20;
