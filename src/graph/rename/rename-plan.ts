import { AppError } from '../../core/errors.ts';
import type { GraphFile } from '../graph-schema.ts';
import type { OpenView } from '../graph-views.ts';
import type { GraphView } from '../query/graph-view.ts';
import type { NameMention } from '../rename-schema.ts';
import { compilerText, isAsIndexed, readWorkspaceFile } from '../workspace-text.ts';
import { renameInFile } from './file-edits.ts';
import type { RenamedFile } from './file-edits.ts';
import { mentionsIn } from './name-mentions.ts';
import { isMember } from './name-rules.ts';
import type { PlannedRename } from './rename-answer.ts';
import { renameGroup } from './rename-group.ts';
import { placesOf, placesOfOthers } from './rename-places.ts';
import { SourceText } from './source-text.ts';

export interface RenameRequest {
  readonly row: number;
  readonly newName: string;
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const SHOWN_FILES = 10;

/**
 * Reads every file with a place of the name, and those that may mention it besides. Throws `not_ready` when a file to be
 * edited is not what was indexed: its places would be guesses.
 */
export async function planRename(open: OpenView, request: RenameRequest): Promise<PlannedRename> {
  const { view } = open;
  const group = renameGroup(view, request.row);
  const oldName = view.nameOf(request.row);
  const places = placesOf(view, group);
  const sources = await readIndexed(open, [...places.keys()], request);
  const names = { group: new Set(group), oldName };
  const files = [...places].flatMap(([path, inFile]) => {
    const source = sources.get(path);
    if (source === undefined) return [];
    const others = placesOfOthers(view, path, names.group);
    return [renameInFile(view, { path, source, places: inFile, others, oldName, newName: request.newName })];
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const { mentions, unread } = await findMentions(open, request, { ...names, files });
  return { group, files, mentions, unread };
}

async function readIndexed(
  { root, view }: OpenView,
  paths: readonly string[],
  { maxFileBytes, signal }: RenameRequest,
): Promise<Map<string, SourceText>> {
  const sources = new Map<string, SourceText>();
  const stale: string[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    const content = await readWorkspaceFile(root, path, maxFileBytes);
    const file = view.columns.files[view.columns.nodes.file[view.rowOfFile(path) ?? -1] ?? -1];
    if (content === undefined || file === undefined || !isAsIndexed(content, file)) stale.push(path);
    else sources.set(path, new SourceText(compilerText(content)));
  }
  if (stale.length === 0) return sources;
  const rest = stale.length > SHOWN_FILES ? ` and ${stale.length - SHOWN_FILES} more` : '';
  const shown = stale.slice(0, SHOWN_FILES).join(', ');
  throw new AppError(
    'not_ready',
    `${stale.length} of ${paths.length} files with the name were changed since the index: ${shown}${rest}.`,
    {
      hint: 'Call graph_index, and run_get until its run is completed, then ask again.',
    },
  );
}

interface Names {
  readonly group: ReadonlySet<number>;
  readonly oldName: string;
  readonly files: readonly RenamedFile[];
}

async function findMentions({ root, view }: OpenView, request: RenameRequest, names: Names) {
  const mentions: NameMention[] = [];
  const unread: string[] = [];
  const edited = new Map(names.files.map((file) => [file.path, file]));
  for (const file of filesToSearch(view, request.row, edited)) {
    request.signal?.throwIfAborted();
    if (file.bytes > request.maxFileBytes) unread.push(file.path);
    const content = await readWorkspaceFile(root, file.path, request.maxFileBytes);
    // Most files are done with here, without a decoding.
    if (content?.includes(names.oldName) !== true) continue;
    const renamed = edited.get(file.path);
    const found = mentionsIn({
      path: file.path,
      source: renamed?.source ?? new SourceText(compilerText(content)),
      oldName: names.oldName,
      isOfMembers: isMember(view, request.row),
      isResolved: file.state === 'typed' && file.unresolved === 0,
      isAsIndexed: isAsIndexed(content, file),
      edited: new Set(renamed?.edits.map(({ offset }) => offset)),
      others: placesOfOthers(view, file.path, names.group),
    });
    for (const mention of found) mentions.push(mention);
  }
  return { mentions, unread };
}

/** What nobody else can see is mentioned in its own file alone. */
function filesToSearch(view: GraphView, row: number, edited: ReadonlyMap<string, unknown>): GraphFile[] {
  const isPrivate = view.nameOf(row).startsWith('#');
  const isLocal = isPrivate || (!isMember(view, row) && !view.isExported(row));
  return view.columns.files.filter(({ path }) => path !== '' && (!isLocal || edited.has(path)));
}
