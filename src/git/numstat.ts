interface LineCounts {
  readonly added: number;
  readonly removed: number;
  readonly isBinary: boolean;
}

/** Reads `git diff --numstat -z`: counts and a path, or counts and two paths behind it for what was moved; by the new path. */
export function parseNumstat(text: string): ReadonlyMap<string, LineCounts> {
  const byPath = new Map<string, LineCounts>();
  const records = text.split('\0');
  for (let at = 0; at < records.length; at += 1) {
    const match = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(records[at] ?? '');
    if (match === null) continue;
    const [, added = '', removed = '', own = ''] = match;
    // Only what was moved has no path of its own here: the former one comes next, then the new one.
    const path = own === '' ? (records[(at += 2)] ?? '') : own;
    const isBinary = added === '-';
    byPath.set(path, { added: isBinary ? 0 : Number(added), removed: isBinary ? 0 : Number(removed), isBinary });
  }
  return byPath;
}
