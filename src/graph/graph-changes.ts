import { AppError } from '../core/errors.ts';
import type { ChangedFile, GitDiff, GitReader } from '../git/index.ts';
import { frameOf } from './answer-frame.ts';
import { changedNodesOf } from './changes/changed-nodes.ts';
import type { FileImpact, FileTexts } from './changes/changed-nodes.ts';
import { answerDiff } from './changes/diff-answer.ts';
import type { DiffAnswer, DiffInput } from './diff-schema.ts';
import { SOURCE_EXTENSIONS } from './discovery/source-walk.ts';
import { exportGraph } from './export/export-answer.ts';
import { listExports, readExport } from './export/export-reading.ts';
import type { ReadExport } from './export/export-reading.ts';
import type { ExportAnswer, ExportInput } from './export-schema.ts';
import type { GraphService } from './graph-service.ts';
import type { OpenView } from './graph-views.ts';
import { wholeViewOf } from './query/whole-view.ts';
import { lookUpSymbol } from './query/symbol-lookup.ts';
import { checkNewName } from './rename/name-rules.ts';
import { answerRename, unmatchedRename } from './rename/rename-answer.ts';
import { planRename } from './rename/rename-plan.ts';
import type { RenameAnswer, RenameInput } from './rename-schema.ts';
import { isAsIndexed, readWorkspaceFile } from './workspace-text.ts';

export interface GraphChangesDeps {
  readonly graph: Pick<GraphService, 'open'>;
  readonly git: GitReader;
  /** Larger files are not read. */
  readonly maxFileBytes: number;
  /** Where exports are written. */
  readonly exportsFolder: string;
}

/** Each may be read twice, once by a process of git: more would take longer than a caller waits. */
const MAX_FILES = 2_000;
const READ_AT_ONCE = 8;
const SOURCE_GLOBS = SOURCE_EXTENSIONS.map((extension) => `*${extension}`);

/** What a change of the code does, and what can be taken out of the graph: nothing is written in the workspace. */
export class GraphChanges {
  readonly #deps: GraphChangesDeps;

  constructor(deps: GraphChangesDeps) {
    this.#deps = deps;
  }

  /**
   * What was changed between two states of the repository, what that reaches, and which tests to run. Throws `not_ready`
   * without an index, `unsupported` outside of a repository, `invalid_input` for an unknown revision or a stale cursor.
   */
  async diff(input: DiffInput, signal?: AbortSignal): Promise<DiffAnswer> {
    const open = await this.#deps.graph.open(input.workspace);
    const { from, to } = input;
    const diff = await this.#deps.git.diff({ folder: open.root, from, to, linesOf: SOURCE_GLOBS, signal });
    const files = await this.#impactsOf({ open, diff, signal });
    const { body, isTruncated } = answerDiff(open.view, input, { diff, files });
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  /**
   * The graph, or a part of it, in a format of other programs: in the answer when it is small, else in a file of the data
   * folder. Throws `not_ready` without an index, `invalid_input` for SCIP of files, `permission_denied`.
   */
  async export(input: ExportInput, signal?: AbortSignal): Promise<ExportAnswer> {
    const { exportsFolder: folder, maxFileBytes, graph } = this.#deps;
    const open = await graph.open(input.workspace);
    return exportGraph({ ...open, view: wholeViewOf(open.view) }, input, { folder, maxFileBytes, signal });
  }

  /** What `export` wrote, by the name of its file. Throws `not_found`, and `limit_reached` for a large one. */
  readExport(name: string): Promise<ReadExport> {
    return readExport(this.#deps.exportsFolder, name);
  }

  /** Names of exports, newest first. */
  listExports(): Promise<string[]> {
    return listExports(this.#deps.exportsFolder);
  }

  /**
   * What a rename would change, line by line, and what speaks against it; writes nothing. Throws `not_ready` without an
   * index or when a file to be edited was changed since, `invalid_input` for a name that can't be.
   */
  async rename(input: RenameInput, signal?: AbortSignal): Promise<RenameAnswer> {
    const open = await this.#deps.graph.open(input.workspace);
    const lookup = lookUpSymbol(open.view, input.symbol);
    if (lookup.match !== 'one') {
      const { body, isTruncated } = unmatchedRename(open.view, input, lookup);
      return { ...body, ...(await frameOf(open, isTruncated)) };
    }
    const { row } = lookup;
    checkNewName(open.view, row, input.newName);
    const { maxFileBytes } = this.#deps;
    const planned = await planRename(open, { row, newName: input.newName, maxFileBytes, signal });
    const { body, isTruncated } = answerRename(open.view, input, planned);
    return { ...body, ...(await frameOf(open, isTruncated)) };
  }

  async #impactsOf({ open, diff, signal }: Omit<SidesOf, 'file'>): Promise<FileImpact[]> {
    const known = diff.files.filter((file) => rowOf(open, file) !== undefined);
    if (known.length > MAX_FILES) {
      throw new AppError('limit_reached', `${known.length} indexed files were changed, more than ${MAX_FILES}.`, {
        hint: 'Choose a nearer revision, or a part of the workspace.',
      });
    }
    const impacts: FileImpact[] = [];
    for (let at = 0; at < diff.files.length; at += READ_AT_ONCE) {
      const some = diff.files.slice(at, at + READ_AT_ONCE).map(async (file) => {
        return changedNodesOf(open.view, file, await this.#textsOf({ open, diff, file, signal }));
      });
      impacts.push(...(await Promise.all(some)));
    }
    return impacts;
  }

  /** Only what the index can be compared with is read; the old side only when the new one is not what was indexed. */
  async #textsOf({ open, diff, file, signal }: SidesOf): Promise<FileTexts> {
    const nothing = { after: undefined, before: undefined };
    const row = rowOf(open, file);
    if (row === undefined || file.status === 'deleted') return nothing;
    const { maxFileBytes, git } = this.#deps;
    const textAt = (commit: string, path: string): Promise<string | undefined> =>
      git.findText({ folder: open.root, commit, path }, { maxBytes: maxFileBytes, signal });
    const after =
      diff.head === undefined
        ? (await readWorkspaceFile(open.root, file.path, maxFileBytes))?.toString('utf8')
        : await textAt(diff.head, file.path);
    const needsOld = file.lines.length > 0 && diff.base !== '' && !isAsIndexed(after, open.view.fileOf(row));
    return { after, before: needsOld ? await textAt(diff.base, file.from ?? file.path) : undefined };
  }
}

/** The node of a file under its new path or else its old one. */
function rowOf({ view }: OpenView, { path, from }: ChangedFile): number | undefined {
  return view.rowOfFile(path) ?? (from === undefined ? undefined : view.rowOfFile(from));
}

interface SidesOf {
  readonly open: OpenView;
  readonly diff: GitDiff;
  readonly file: ChangedFile;
  readonly signal: AbortSignal | undefined;
}
