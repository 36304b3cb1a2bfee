import { statSync } from 'node:fs';
import type { SourceFile } from 'typescript/unstable/ast';
import type { Project } from 'typescript/unstable/sync';
import { AppError, messageOf } from '../../core/errors.ts';
import type { FileSurface, LiveSource, When } from '../live-source.ts';
import { TARGET } from '../type-source.ts';
import type {
  FileChanges,
  FileScan,
  Inheritance,
  ProjectModel,
  ResolvedTargets,
  TypeSource,
  WorkspaceModel,
} from '../type-source.ts';
import { FORM } from './fact-forms.ts';
import type { FileFacts } from './fact-forms.ts';
import { nothingOf, withoutLinks, withoutPlaces, withoutUses } from './file-remains.ts';
import { BornNames } from './born-names.ts';
import { FileWords } from './file-words.ts';
import type { FileTable } from './flat/flat-places.ts';
import { scanFlat } from './flat/flat-scan.ts';
import type { FlatScan } from './flat/flat-scan.ts';
import { FlatTree } from './flat/flat-tree.ts';
import { functionTypesOf, syntaxErrorOf } from './native-facts.ts';
import { isForeignBundle } from './foreign-bundle.ts';
import { MissingPackages } from './missing-packages.ts';
import { ModuleLookup } from './module-lookup.ts';
import { nativeMemory } from './native-memory.ts';
import { NativeInheritance } from './native-inheritance.ts';
import { NativePlaces } from './native-places.ts';
import { NativeResolver } from './native-resolver.ts';
import { NativeScanner } from './native-scanner.ts';
import { NativeSession } from './native-session.ts';
import { surfaceOf } from './native-surface.ts';
import { SourceFiles } from './source-files.ts';
import type { SourceEntry } from './source-files.ts';
import type { Target } from './symbol-resolver.ts';
import { targetColumns } from './target-columns.ts';

interface OpenProject {
  readonly project: number;
  readonly compiled: Project;
  readonly resolver: NativeResolver;
  readonly inheritance: NativeInheritance;
}

export interface NativeSourceOptions {
  /** What the compiler tries to stay within. */
  readonly memoryMb: number;
  /** Path of the compiler, in place of the one that is installed with `typescript`. */
  readonly program?: string;
  /** Hears the process id of the compiler, to end it with. */
  readonly onChild?: (pid: number) => void;
}

/** A tree is needed while its file is resolved; letting go of them now and then costs nothing. */
const FILES_BETWEEN_FORGETTING = 200;

/**
 * TypeScript 7, the native compiler, as a child process. It parses the files too: they are scanned here out of the trees
 * that it sends, by the rules of the other engine, so both have the same nodes and the same uses. No tree is kept.
 */
export class NativeSource implements TypeSource, LiveSource {
  readonly engine = 'ts7';
  readonly #options: NativeSourceOptions;
  #root = '';
  #projects: readonly ProjectModel[] = [];
  readonly #files = new SourceFiles();
  readonly #facts: FileFacts[] = [];
  readonly #tables: FileTable[] = [];
  /** Names that something in the workspace bears: any other name can't point into it. */
  readonly #names = new BornNames();
  readonly #words = new FileWords();
  #missing = new MissingPackages('');
  #session: NativeSession | undefined;
  #scanner = new NativeScanner('', []);
  #modules = new ModuleLookup([]);
  #open: OpenProject | undefined;
  readonly #unloadable = new Map<number, AppError>();
  #sinceForgetting = 0;
  #isUpdated = false;

  constructor(options: NativeSourceOptions) {
    this.#options = options;
  }

  /** Throws when the compiler does not run here. */
  open(workspace: WorkspaceModel): void {
    this.#root = workspace.root;
    this.#projects = workspace.projects;
    this.#missing = new MissingPackages(workspace.root);
    this.#files.open(workspace);
    this.#scanner = new NativeScanner(this.#root, this.#files.owned);
    this.#modules = new ModuleLookup(workspace.projects);
    this.#session = this.#startSession(nativeMemory(workspace, this.#options.memoryMb));
  }

  files(): readonly string[] {
    return this.#files.paths;
  }

  scan(path: string): FileScan {
    const index = this.#files.indexOf(path);
    const scanned = this.#asked(() => this.#scanned(index, path)) ?? nothingOf(path);
    const { scan, facts, table } = scanned;
    this.#words.set(index, facts.texts);
    this.#facts[index] = withoutPlaces(facts);
    this.#tables[index] = table;
    this.#names.set(index, [...scan.nodes.map(({ name }) => name), ...facts.linkNames]);
    this.#forgetSometimes();
    return scan;
  }

  /** Before anything is resolved, files are parsed in projects of their own; later, where they belong. */
  #scanned(index: number, path: string): FlatScan | undefined {
    if (this.#isUpdated) {
      const { absolutePath } = this.#files.at(index);
      const file = this.#projectOf(this.#files.at(index)).compiled.program.getSourceFile(absolutePath);
      return file === undefined ? undefined : scanFlat(new FlatTree(file), path);
    }
    this.#open = undefined;
    return this.#scanner.scan(this.#running(), index, path);
  }

  projectOf(path: string): string {
    return this.#projects[this.#files.at(this.#files.indexOf(path)).project]?.name ?? '';
  }

  prepare(path: string): void {
    this.#projectOf(this.#files.at(this.#files.indexOf(path)));
  }

  resolve(path: string, positions: Int32Array): ResolvedTargets {
    const index = this.#files.indexOf(path);
    const entry = this.#files.at(index);
    const facts = this.#facts[index];
    const { resolver } = this.#projectOf(entry);
    if (facts === undefined) throw new AppError('internal', `${path} was never scanned.`);
    const targets = this.#asked(() => resolver.targetsOf({ path: entry.absolutePath, facts, positions }, this.#names));
    this.#forgetSometimes();
    return targetColumns(targets.map((each, row) => this.#withModule(each, { entry, facts, row })));
  }

  inheritance(path: string): readonly Inheritance[] {
    const index = this.#files.indexOf(path);
    const entry = this.#files.at(index);
    const facts = this.#facts[index];
    const { inheritance } = this.#projectOf(entry);
    if (facts === undefined) return [];
    const links = this.#asked(() => inheritance.linksOf(entry.absolutePath, facts.heirs));
    this.#facts[index] = withoutUses(facts);
    const table = this.#tables[index];
    if (table !== undefined) this.#tables[index] = withoutLinks(table);
    return links.map(({ kind, nameStart, target }) => ({
      kind,
      file: path,
      nameStart,
      targetFile: this.#files.pathAt(target.file),
      targetNameStart: target.position,
    }));
  }

  syntaxError(path: string): string | undefined {
    const entry = this.#files.at(this.#files.indexOf(path));
    return this.#asked(() => syntaxErrorOf(this.#projectOf(entry).compiled, entry.absolutePath));
  }

  unresolvedPackages(): readonly string[] {
    return this.#missing.list();
  }

  get live(): LiveSource {
    return this;
  }

  /** Reads what has changed again; the project that was open stays open. */
  update(changes: FileChanges, workspace: WorkspaceModel): void {
    const open = this.#open?.project;
    for (const path of changes.deleted) {
      this.#words.delete(this.#files.indexOf(path));
      this.#names.set(this.#files.indexOf(path), []);
    }
    this.#files.update(changes, workspace);
    this.#projects = workspace.projects;
    this.#modules = new ModuleLookup(workspace.projects);
    this.#unloadable.clear();
    this.#isUpdated = true;
    this.#open = undefined;
    const absolute = this.#files.absoluteChanges(changes);
    const model = open === undefined ? undefined : this.#projects[open];
    const project = this.#asked(() => this.#running().update(absolute, model));
    if (project !== undefined && open !== undefined) this.#open = this.#openOf(project, open);
  }

  surface(path: string, when: When): FileSurface | undefined {
    const file = this.#treeOf(path, when);
    return file === undefined ? undefined : surfaceOf(file);
  }

  functionTypes(path: string, starts: readonly number[], when: When): readonly string[] | undefined {
    const project = this.#projectAt(when);
    const file = this.#treeOf(path, when);
    if (project === undefined || file === undefined) return undefined;
    return this.#asked(() => functionTypesOf(project, file, starts));
  }

  filesNaming(isMeant: (text: string) => boolean): readonly string[] {
    return this.#words.filesWith(isMeant).map((file) => this.#files.pathAt(file));
  }

  #treeOf(path: string, when: When): SourceFile | undefined {
    const absolutePath = this.#files.absoluteOf(path);
    return this.#asked(() => this.#projectAt(when)?.program.getSourceFile(absolutePath));
  }

  #projectAt(when: When): Project | undefined {
    return when === 'now' ? this.#open?.compiled : this.#session?.former;
  }

  async close(): Promise<void> {
    this.#open = undefined;
    this.#facts.length = 0;
    this.#tables.length = 0;
    await this.#session?.close();
    this.#session = undefined;
  }

  /** A module that the checker does not know: a package, or a file that is no module. */
  #withModule(
    targets: readonly Target[],
    { entry, facts, row }: { entry: SourceEntry; facts: FileFacts; row: number },
  ): readonly Target[] {
    if (((facts.forms[row] ?? 0) & FORM.module) === 0 || targets[0]?.file !== TARGET.unresolved) return targets;
    const specifier = facts.texts[row] ?? '';
    const path = this.#modules.find(specifier, entry);
    if (path !== undefined) return [{ file: this.#files.find(path) ?? TARGET.external, position: -1 }];
    this.#missing.note(specifier);
    return targets;
  }

  #projectOf({ project }: SourceEntry): OpenProject {
    if (this.#open?.project === project) return this.#open;
    this.#open = undefined;
    const known = this.#unloadable.get(project);
    if (known !== undefined) throw known;
    const model = this.#projects[project];
    if (model === undefined) throw new AppError('internal', `There is no project ${project}.`);
    this.#open = this.#loaded(model, project);
    return this.#open;
  }

  #loaded(model: ProjectModel, number: number): OpenProject {
    const session = this.#running();
    this.#scanner.forget();
    try {
      return this.#openOf(session.open(model, `${number}`), number);
    } catch (error) {
      const cause = session.failureOf(error);
      if (cause instanceof AppError && cause.code === 'upstream_failed') throw cause;
      const failure = new AppError('internal', `${model.name} could not be loaded: ${messageOf(error)}`, { cause });
      this.#unloadable.set(number, failure);
      throw failure;
    }
  }

  #openOf(compiled: Project, project: number): OpenProject {
    const places = new NativePlaces({
      indexOf: (path) => this.#files.find(path),
      factsOf: (file) => this.#facts[file],
      tableOf: (file) => this.#tables[file],
    });
    const resolver = new NativeResolver(compiled, places);
    return { project, compiled, resolver, inheritance: new NativeInheritance(compiled, resolver) };
  }

  #startSession(environment: Readonly<Record<string, string>>): NativeSession {
    const owned = { has: (path: string) => this.#files.isOwned(path) };
    const overlay = (path: string): string | undefined =>
      this.#files.isHidden(path) || isForeignBundle(path, owned, sizeOf) ? '' : undefined;
    const session = new NativeSession({ root: this.#root, overlay, environment, program: this.#options.program });
    if (session.pid !== undefined) this.#options.onChild?.(session.pid);
    return session;
  }

  #asked<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw this.#session?.failureOf(error) ?? error;
    }
  }

  #forgetSometimes(): void {
    this.#sinceForgetting += 1;
    if (this.#sinceForgetting < FILES_BETWEEN_FORGETTING) return;
    this.#sinceForgetting = 0;
    this.#session?.forgetTrees();
  }

  #running(): NativeSession {
    if (this.#session === undefined) throw new AppError('internal', 'The native compiler is closed.');
    return this.#session;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
