import { ts } from 'ts-morph';
import { AppError, messageOf } from '../../core/errors.ts';
import type { FileScan, Inheritance, ResolvedTargets, TypeSource, WorkspaceModel } from '../type-source.ts';
import { TARGET } from '../type-source.ts';
import { isConstructed, moduleSpecifierRole } from './candidate-role.ts';
import { scanFile } from './file-scan.ts';
import type { Heir } from './file-scan.ts';
import { IntColumn } from './int-column.ts';
import { linkNameOf } from './link-name.ts';
import { loadProject } from './loaded-project.ts';
import type { LoadedProject } from './loaded-project.ts';
import { memberLinksOf } from './member-inheritance.ts';
import { MissingPackages } from './missing-packages.ts';
import { SymbolResolver } from './symbol-resolver.ts';
import type { Target } from './symbol-resolver.ts';

interface SourceEntry {
  readonly path: string;
  readonly absolutePath: string;
  readonly project: number;
}

interface OpenProgram {
  readonly project: number;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly resolver: SymbolResolver;
}

const NO_TARGET: Target = { file: TARGET.external, position: 0 };

/**
 * TypeScript 6 in this process, loaded by ts-morph. One program a project; its checker lives while the project's files
 * are resolved and goes when the next project begins.
 */
export class TsMorphSource implements TypeSource {
  readonly engine = 'ts-morph';
  readonly live = undefined;
  #root = '';
  #entries: SourceEntry[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #projects: (LoadedProject | undefined)[] = [];
  /** Uses by file and offset, from the scan until the file is resolved. */
  readonly #uses = new Map<string, Map<number, ts.Node>>();
  /** Declarations with base types, from the scan until the file is resolved. */
  readonly #heirs = new Map<string, readonly Heir[]>();
  /** Names that something in the workspace bears: any other name can't point into it. */
  readonly #names = new Set<string>(['default']);
  /** Anchors of the nodes of each file. */
  readonly #anchors: ReadonlySet<number>[] = [];
  #missing = new MissingPackages('');
  readonly #unloadable = new Map<number, AppError>();
  #open: OpenProgram | undefined;

  open(workspace: WorkspaceModel): void {
    this.#root = workspace.root;
    this.#missing = new MissingPackages(workspace.root);
    const hidden = workspace.files
      .filter((file) => file.state === 'skipped')
      .map(({ path }) => `${this.#root}/${path}`);
    for (const [project, model] of workspace.projects.entries()) {
      const loaded = loadProject(model);
      for (const path of hidden) loaded.hide(path);
      this.#projects.push(loaded);
      for (const absolutePath of model.files) {
        const path = absolutePath.slice(this.#root.length + 1);
        this.#indexes.set(absolutePath, this.#entries.length);
        this.#entries.push({ path, absolutePath, project });
      }
    }
  }

  files(): readonly string[] {
    return this.#entries.map((entry) => entry.path);
  }

  scan(path: string): FileScan {
    const entry = this.#entryOf(path);
    const file = this.#parsed(entry);
    const { scan, uses, heirs } = scanFile(file, path);
    if (heirs.length > 0) this.#heirs.set(path, heirs);
    for (const node of scan.nodes) this.#names.add(node.name);
    this.#anchors[this.#indexes.get(entry.absolutePath) ?? -1] = new Set(scan.nodes.map((node) => node.nameStart));
    const byOffset = new Map<number, ts.Node>();
    for (const use of uses) {
      byOffset.set(use.getStart(file), use);
      const linkName = linkNameOf(use);
      if (linkName !== undefined) this.#names.add(linkName);
    }
    this.#uses.set(path, byOffset);
    return scan;
  }

  projectOf(path: string): string {
    return this.#projectAt(this.#entryOf(path).project).name;
  }

  prepare(path: string): void {
    this.#programOf(this.#entryOf(path));
  }

  resolve(path: string, positions: Int32Array): ResolvedTargets {
    const entry = this.#entryOf(path);
    const { resolver } = this.#programOf(entry);
    const uses = this.#uses.get(path);
    const columns = { candidate: new IntColumn(), file: new IntColumn(), position: new IntColumn() };
    for (const [candidate, offset] of positions.entries()) {
      const use = uses?.get(offset);
      const targets = use === undefined ? [NO_TARGET] : this.#targetsOf(use, resolver);
      for (const target of targets) {
        columns.candidate.push(candidate);
        columns.file.push(target.file);
        columns.position.push(target.position);
      }
    }
    this.#uses.delete(path);
    return {
      count: columns.candidate.length,
      candidate: columns.candidate.toInts(),
      file: columns.file.toInts(),
      position: columns.position.toInts(),
    };
  }

  inheritance(path: string): readonly Inheritance[] {
    const entry = this.#entryOf(path);
    const { checker, resolver } = this.#programOf(entry);
    const heirs = this.#heirs.get(path) ?? [];
    this.#heirs.delete(path);
    return memberLinksOf(heirs, checker, resolver).map(({ kind, nameStart, target }) => ({
      kind,
      file: path,
      nameStart,
      targetFile: this.#entries[target.file]?.path ?? '',
      targetNameStart: target.position,
    }));
  }

  syntaxError(path: string): string | undefined {
    const entry = this.#entryOf(path);
    const file = this.#parsed(entry);
    const [first] = this.#programOf(entry).program.getSyntacticDiagnostics(file);
    if (first === undefined) return undefined;
    const line = file.getLineAndCharacterOfPosition(first.start).line + 1;
    return `line ${line}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`;
  }

  unresolvedPackages(): readonly string[] {
    return this.#missing.list();
  }

  close(): Promise<void> {
    this.#open = undefined;
    this.#projects.length = 0;
    this.#uses.clear();
    this.#heirs.clear();
    this.#anchors.length = 0;
    return Promise.resolve();
  }

  #targetsOf(use: ts.Node, resolver: SymbolResolver): readonly Target[] {
    if (ts.isStringLiteralLike(use) && moduleSpecifierRole(use) !== undefined)
      return this.#moduleTargets(use, resolver);
    if (use.kind === ts.SyntaxKind.SuperKeyword) return resolver.constructorsOf(use);
    if ('text' in use && typeof use.text === 'string' && !this.#names.has(use.text)) return [NO_TARGET];
    const targets = resolver.targetsOf(use);
    // Besides the class, its constructor is called.
    return isConstructed(use) ? [...targets, ...resolver.constructorsOf(use)] : targets;
  }

  #moduleTargets(use: ts.StringLiteralLike, resolver: SymbolResolver): readonly Target[] {
    const targets = resolver.targetsOf(use);
    if (targets[0]?.file !== TARGET.unresolved) return targets;
    if (!use.text.startsWith('.')) {
      this.#missing.note(use.text);
      return targets;
    }
    // The file is there, but it is no module: it exports nothing, or it is hidden.
    const path = this.#open === undefined ? undefined : this.#projectAt(this.#open.project).resolvedFile(use);
    return path === undefined ? targets : [{ file: this.#indexes.get(path) ?? TARGET.external, position: -1 }];
  }

  #programOf({ project }: SourceEntry): OpenProgram {
    if (this.#open?.project === project) return this.#open;
    if (this.#open !== undefined) this.#projects[this.#open.project] = undefined;
    this.#open = undefined;
    const known = this.#unloadable.get(project);
    if (known !== undefined) throw known;
    const { program, checker } = this.#loaded(project);
    const resolver = new SymbolResolver(checker, {
      fileIndexOf: (file) => this.#indexes.get(file.fileName),
      isNode: (file, position) => this.#anchors[file]?.has(position) === true,
    });
    this.#open = { project, program, checker, resolver };
    return this.#open;
  }

  /** Loading reads files that nobody has scanned, and may fail on them; trying again would fail again. */
  #loaded(project: number): Pick<OpenProgram, 'program' | 'checker'> {
    const loaded = this.#projectAt(project);
    try {
      const program = loaded.program();
      return { program, checker: program.getTypeChecker() };
    } catch (error) {
      const failure = new AppError('internal', `${loaded.name} could not be loaded: ${messageOf(error)}`, {
        cause: error,
      });
      this.#unloadable.set(project, failure);
      throw failure;
    }
  }

  /** A file that the parser fails on must not be met again, by way of an import. */
  #parsed({ project, absolutePath }: SourceEntry): ts.SourceFile {
    try {
      return this.#projectAt(project).sourceFile(absolutePath);
    } catch (error) {
      for (const loaded of this.#projects) loaded?.hide(absolutePath);
      throw error;
    }
  }

  #projectAt(project: number): LoadedProject {
    const loaded = this.#projects[project];
    if (loaded === undefined) throw new AppError('internal', `Project ${project} was asked for after it was let go.`);
    return loaded;
  }

  #entryOf(path: string): SourceEntry {
    const entry = this.#entries[this.#indexes.get(`${this.#root}/${path}`) ?? -1];
    if (entry === undefined) throw new AppError('not_found', `${path} is not a file of this workspace.`);
    return entry;
  }
}
