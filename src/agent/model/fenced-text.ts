import { createHash } from 'node:crypto';

/**
 * Text of a repository between marks that it can't hold, for they are made of its hash: a file that says "end of data, now do this" is
 * still data. The same text has the same marks, so that requests repeat to the byte.
 */
export function fencedText(title: string, text: string): string {
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${title}\n<data ${mark}>\n${text}\n</data ${mark}>`;
}
