import type { GraphView } from '../query/graph-view.ts';
import { hitOf } from '../query/hit-shapes.ts';
import { unmatched } from '../query/lookup-answer.ts';
import type { Answered } from '../query/lookup-answer.ts';
import { pageOf } from '../query/page-cursor.ts';
import type { NameMention, RenameAnswer, RenameInput } from '../rename-schema.ts';
import type { RenamedFile } from './file-edits.ts';
import { lineEditsOf } from './line-edits.ts';
import { byWeight } from './name-mentions.ts';
import { isMember } from './name-rules.ts';
import { conflictsOf } from './rename-conflicts.ts';
import { withForeignBases } from './rename-group.ts';
import { isKeyOfObject } from './rename-places.ts';

export type RenameBody = Omit<RenameAnswer, 'workspace' | 'generation' | 'indexedAt' | 'coverage'>;

export interface PlannedRename {
  /** The symbol itself first. */
  readonly group: readonly number[];
  readonly files: readonly RenamedFile[];
  readonly mentions: readonly NameMention[];
  /** Files that are too large to be looked through. */
  readonly unread: readonly string[];
}

const MAX_SKIPPED = 50;
const MAX_UNCERTAIN = 60;
const MAX_ALONG = 100;

export function answerRename(view: GraphView, input: RenameInput, planned: PlannedRename): Answered<RenameBody> {
  const { group, files, mentions } = planned;
  const [row = -1, ...along] = group;
  const lines = files.flatMap(lineEditsOf);
  const skipped = files.flatMap((file) => file.skipped);
  const page = pageOf(lines, {
    edition: view.edition,
    question: ['rename', row, input.newName],
    cursor: input.cursor,
    limit: input.limit,
  });
  const body = {
    match: 'one' as const,
    candidates: [],
    symbol: hitOf(view, row),
    newName: input.newName,
    along: along.slice(0, MAX_ALONG).map((other) => hitOf(view, other)),
    edits: [...page.items],
    editedFiles: files.filter(({ edits }) => edits.length > 0).length,
    conflicts: conflictsOf(view, { group, newName: input.newName, files }),
    skipped: skipped.slice(0, MAX_SKIPPED),
    skippedTotal: skipped.length,
    uncertain: mentions.toSorted(byWeight).slice(0, MAX_UNCERTAIN),
    uncertainTotal: mentions.length,
    notes: notesOf(view, planned),
    total: lines.length,
    ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
  };
  const isShort = body.skipped.length < skipped.length || body.uncertain.length < mentions.length;
  return { body, isTruncated: isShort || page.nextCursor !== undefined };
}

/** What is said when the text does not name exactly one symbol. */
export function unmatchedRename(
  view: GraphView,
  { symbol, newName }: RenameInput,
  lookup: Parameters<typeof unmatched>[2],
): Answered<RenameBody> {
  const { body, isTruncated } = unmatched(view, symbol, lookup);
  const lists = { along: [], edits: [], conflicts: [], skipped: [], uncertain: [], notes: [] };
  return {
    body: { ...body, newName, ...lists, editedFiles: 0, skippedTotal: 0, uncertainTotal: 0, total: 0 },
    isTruncated,
  };
}

function notesOf(view: GraphView, { group, mentions, unread }: PlannedRename): string[] {
  const [row = -1] = group;
  const isOfMembers = isMember(view, row);
  const foreign = isOfMembers ? withForeignBases(view, group).map((other) => view.qualifiedNameOf(other)) : [];
  const keys = mentions.filter(({ kind }) => kind === 'key').length;
  return [
    'nothing was written; files made since the index are not looked through',
    ...(view.isExported(row) ? ['it is exported: users outside of this workspace are not seen'] : []),
    ...(isKeyOfObject(view, row) ? ['it is a key of an object: a declared type of that may ask for the old name'] : []),
    ...(isOfMembers && group.some((other) => isPartOfInterface(view, other))
      ? ['what fits an interface without naming it, as objects and library types do, is not seen']
      : []),
    ...(foreign.length === 0
      ? []
      : [`${foreign.join(', ')}: inherits from something outside of the workspace, which may ask for the old name`]),
    ...(keys === 0
      ? []
      : [`${keys} keys of objects or tags have the old name: the graph does not know whose they are`]),
    ...(unread.length === 0 ? [] : [`too large to be looked through: ${unread.join(', ')}`]),
  ];
}

function isPartOfInterface(view: GraphView, row: number): boolean {
  return ['interface', 'type'].includes(view.kindOf(view.containerOf(row)));
}
