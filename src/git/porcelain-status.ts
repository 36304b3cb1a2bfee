import { CHANGE_LETTERS } from './diff-reader.ts';
import type { ChangeStatus } from './diff-reader.ts';

/** A path of which something differs between commit, index and working tree. */
export interface StatusEntry {
  /** Relative to the root of the working tree; a folder of nothing but untracked files ends with a slash. */
  readonly path: string;
  /** Its path before, where it was renamed or copied. */
  readonly from?: string;
  /** Index against commit. */
  readonly staged?: ChangeStatus;
  /** Working tree against index; `untracked` for what the index does not know. */
  readonly unstaged?: ChangeStatus;
  readonly isConflicted: boolean;
}

export interface PorcelainStatus {
  /** Full hash; absent before the first commit. */
  readonly commit?: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
  readonly upstream?: string;
  /** Commits that the upstream lacks; absent where the upstream itself is not there. */
  readonly ahead?: number;
  readonly behind?: number;
  readonly entries: readonly StatusEntry[];
}

/** What {@link parseStatus} reads. */
export const STATUS = [
  'status',
  '--porcelain=v2',
  '-z',
  '--branch',
  '--ahead-behind',
  '--ignore-submodules=dirty',
] as const;

/** Number of fields before the path, by the kind of record. Source: git-status(1), "Porcelain Format Version 2". */
const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1 };

/** Reads `git status --porcelain=v2 -z --branch`: records parted by NUL, a second path behind those of renames. */
export function parseStatus(text: string): PorcelainStatus {
  const headers = new Map<string, string>();
  const entries: StatusEntry[] = [];
  const records = text.split('\0');
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? '';
    const header = /^# (\S+) (.*)$/s.exec(record);
    if (header !== null) headers.set(header[1] ?? '', header[2] ?? '');
    const former = record.startsWith('2 ') ? records[++at] : undefined;
    const entry = entryOf(record, former);
    if (entry !== undefined) entries.push(entry);
  }
  return { ...headOf(headers), entries };
}

function headOf(headers: ReadonlyMap<string, string>): Omit<PorcelainStatus, 'entries'> {
  const commit = headers.get('branch.oid');
  const branch = headers.get('branch.head');
  const upstream = headers.get('branch.upstream');
  const counts = /^\+(\d+) -(\d+)$/.exec(headers.get('branch.ab') ?? '');
  return {
    ...(commit !== undefined && commit !== '(initial)' && { commit }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    ...(upstream !== undefined && { upstream }),
    ...(counts !== null && { ahead: Number(counts[1]), behind: Number(counts[2]) }),
  };
}

function entryOf(record: string, former: string | undefined): StatusEntry | undefined {
  const kind = record.slice(0, 1);
  const before = FIELDS_BEFORE_PATH[kind];
  if (before === undefined || record.charAt(1) !== ' ') return undefined;
  const path = restAfter(record, before);
  if (kind === '?') return { path, unstaged: 'untracked', isConflicted: false };
  if (kind === 'u') return { path, unstaged: 'unmerged', isConflicted: true };
  const staged = CHANGE_LETTERS[record.charAt(2)];
  const unstaged = CHANGE_LETTERS[record.charAt(3)];
  return {
    path,
    ...(former !== undefined && { from: former }),
    ...(staged !== undefined && { staged }),
    ...(unstaged !== undefined && { unstaged }),
    isConflicted: false,
  };
}

/** What stands behind so many fields, spaces and all. */
function restAfter(record: string, fields: number): string {
  let start = 0;
  for (let field = 0; field < fields; field += 1) start = record.indexOf(' ', start) + 1;
  return record.slice(start);
}
