import type { GraphView } from '../query/graph-view.ts';
import type { RenameConflict } from '../rename-schema.ts';
import { TEXT_PARTS } from './code-mask.ts';
import type { RenamedFile } from './file-edits.ts';
import { isMember } from './name-rules.ts';
import { familyOf } from './rename-group.ts';
import { sharedUses } from './rename-places.ts';

export interface WantedName {
  readonly group: readonly number[];
  readonly newName: string;
  readonly files: readonly RenamedFile[];
}

/** What bears the new name already: beside a declaration, in a class of its family, or somewhere in an edited file. */
export function conflictsOf(view: GraphView, { group, newName, files }: WantedName): RenameConflict[] {
  const isOfMembers = group.some((row) => isMember(view, row));
  const containers = isOfMembers ? familyOf(view, group) : group.map((row) => view.containerOf(row));
  const taken = takenBeside(view, containers, newName);
  const certain = [...taken, ...sharedWithOthers(view, group)];
  certain.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
  if (isOfMembers) return certain;
  const paths = new Set(taken.map(({ path }) => path));
  const rest = files.filter(({ path }) => !paths.has(path)).map((file) => firstUse(file, newName));
  return [...certain, ...rest.filter((conflict) => conflict !== undefined)];
}

function takenBeside(view: GraphView, containers: readonly number[], newName: string): RenameConflict[] {
  return [...new Set(containers)].flatMap((container) => {
    const same = container < 0 ? [] : view.membersOf(container).filter((row) => view.nameOf(row) === newName);
    return same.map((row) => ({
      path: view.pathOf(row),
      line: view.lineOf(row),
      isCertain: true,
      reason: `${view.kindOf(row)} ${view.qualifiedNameOf(row)} has the name already`,
    }));
  });
}

function sharedWithOthers(view: GraphView, group: readonly number[]): RenameConflict[] {
  const { files, edges } = view.columns;
  return sharedUses(view, new Set(group)).map(({ edge, other }) => ({
    path: files[edges.file[edge] ?? -1]?.path ?? '',
    line: edges.line[edge] ?? 0,
    isCertain: true,
    reason: `means ${view.qualifiedNameOf(other)} (${view.pathOf(other)}:${view.lineOf(other)}) as well, which keeps its name`,
  }));
}

/** A local of that name would take the place of what is renamed, or the other way round. */
function firstUse({ path, source }: RenamedFile, newName: string): RenameConflict | undefined {
  for (const offset of source.wordsLike(newName)) {
    const isMention = source.partAt(offset) !== TEXT_PARTS.code || source.codeBefore(offset) === '.';
    const isKey = source.codeAfter(offset + newName.length) === ':' && '{,'.includes(source.codeBefore(offset));
    if (isMention || isKey) continue;
    const { line } = source.placeOf(offset);
    return { path, line, isCertain: false, reason: `\`${newName}\` stands in this file already` };
  }
  return undefined;
}
