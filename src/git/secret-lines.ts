import { redactText } from '../core/redact.ts';
import { hunkOf, pathOfHeader } from './diff-reader.ts';

interface SecretLine {
  readonly path: string;
  /** Of the new text, from 1. */
  readonly line: number;
}

/** Lines that a change adds and that hold what looks like a secret. Reads `git diff --unified=0` with `a/` and `b/` before paths. */
export function findSecretLines(patch: string): SecretLine[] {
  const found: SecretLine[] = [];
  const lines = patch.split('\n');
  let path = '';
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('+++ ')) path = pathOfHeader(line) ?? '';
    const hunk = hunkOf(line);
    if (hunk === undefined) continue;
    let next = hunk.newStart;
    // The text of a line may look like a header: those of the hunk are read by their number.
    for (let left = hunk.oldCount + hunk.newCount; left > 0; left -= 1) {
      at += 1;
      const text = lines[at] ?? '';
      if (text.startsWith('\\')) left += 1;
      if (!text.startsWith('+')) continue;
      if (redactText(text) !== text) found.push({ path, line: next });
      next += 1;
    }
  }
  return found;
}
