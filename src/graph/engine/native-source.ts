import type { SourceFile } from 'typescript/unstable/ast';
import type { Project } from 'typescript/unstable/sync';
import { AppError } from '../../core/errors.ts';
import type { FileSurface, When } from '../file-surface.ts';
import { TARGET } from '../type-source.ts';
import type {
  FileChanges,
  FileScan,
  Inheritance,
  LiveSource,
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
import { NativeTrees } from './flat/native-tree.ts';
import { functionTypesOf } from './native-facts.ts';
import { MissingPackages } from './missing-packages.ts';
import { ModuleLookup } from './module-lookup.ts';
import { NativePlaces } from './native-places.ts';
import { NativeProjects } from './native-projects.ts';
import type { NativeSourceOptions, OpenProject } from './native-projects.ts';
import { NativeScanner } from './native-scanner.ts';
import { surfaceOf } from './native-surface.ts';
import { PlainModules } from './plain-modules.ts';
import { SourceFiles } from './source-files.ts';
import type { SourceEntry } from './source-files.ts';
import type { Target } from './symbol-resolver.ts';
import { targetColumns } from './target-columns.ts';

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
  readonly #files = new SourceFiles();
  readonly #facts: FileFacts[] = [];
  readonly #tables: FileTable[] = [];
  /** Files that declare a predicate of `this`. */
  readonly #thisPredicates = new Set<number>();
  /** Names that something in the workspace bears: any other name can't point into it. */
  readonly #names = new BornNames();
  readonly #words = new FileWords();
  #missing = new MissingPackages('');
  #projects: NativeProjects | undefined;
  readonly #trees = new NativeTrees();
  #scanner = new NativeScanner('', []);
  #modules = new ModuleLookup([]);
  readonly #plainModules = new PlainModules(this.#files, () => this.#modules);
  /** Of each file as it was last scanned: a change is compared with it. */
  readonly #texts: string[] = [];
  #sinceForgetting = 0;
  #isUpdated = false;

  constructor(options: NativeSourceOptions) {
    this.#options = options;
  }

  /** Throws when the compiler does not run here. */
  open(workspace: WorkspaceModel): void {
    this.#root = workspace.root;
    this.#missing = new MissingPackages(workspace.root);
    this.#files.open(workspace);
    this.#scanner = new NativeScanner(this.#root, this.#files.owned);
    this.#modules = new ModuleLookup(workspace.projects);
    const places = new NativePlaces({
      indexOf: (path) => this.#files.find(path),
      factsOf: (file) => this.#facts[file],
      tableOf: (file) => this.#tables[file],
      isBorn: (name) => this.#names.has(name),
      moduleOf: (file, specifier) => this.#plainModules.fileOf(specifier, this.#files.at(file)),
      hasThisPredicate: () => this.#thisPredicates.size > 0,
    });
    this.#projects = new NativeProjects(workspace, { files: this.#files, places, options: this.#options });
  }

  files(): readonly string[] {
    return this.#files.paths;
  }

  scan(path: string): FileScan {
    const index = this.#files.indexOf(path);
    const scanned = this.#asked(() => this.#scanned(index, path)) ?? nothingOf(path);
    const { scan, facts, table, text } = scanned;
    this.#texts[index] = text;
    this.#words.set(index, facts.texts);
    this.#facts[index] = withoutPlaces(facts);
    this.#tables[index] = table;
    this.#plainModules.setAugments(index, table.augments);
    if (table.hasThisPredicate) this.#thisPredicates.add(index);
    else this.#thisPredicates.delete(index);
    this.#names.set(index, [...scan.nodes.map(({ name }) => name), ...facts.linkNames]);
    this.#forgetSometimes();
    return scan;
  }

  /** Before anything is resolved, files are parsed in projects of their own; later, where they belong. */
  #scanned(index: number, path: string): FlatScan | undefined {
    if (this.#isUpdated) {
      const { absolutePath } = this.#files.at(index);
      const file = this.#projectOf(this.#files.at(index)).compiled.program.getSourceFile(absolutePath);
      return file === undefined ? undefined : scanFlat(this.#trees.treeOf(file), path);
    }
    this.#running().forget();
    return this.#scanner.scan(this.#running().session, index, path);
  }

  projectOf(path: string): string {
    return this.#running().modelAt(this.#files.at(this.#files.indexOf(path)).project).name;
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
    const targets = this.#asked(() => resolver.targetsOf({ path: entry.absolutePath, facts, positions }));
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
    return this.#asked(() => this.#projectOf(entry).syntaxErrorOf(entry.absolutePath));
  }

  unresolvedPackages(): readonly string[] {
    return this.#missing.list();
  }

  get live(): LiveSource {
    return this;
  }

  /** Reads what has changed again; projects that were open stay open. */
  update(changes: FileChanges, workspace: WorkspaceModel): void {
    const changed = changes.changed.map((path) => this.#files.indexOf(path));
    const projects = new Set(changed.map((index) => this.#files.at(index).project));
    const texts = new Map(changed.map((index) => [this.#files.at(index).absolutePath, this.#texts[index] ?? '']));
    for (const path of changes.deleted) {
      const index = this.#files.indexOf(path);
      this.#words.delete(index);
      this.#thisPredicates.delete(index);
      this.#plainModules.setAugments(index, []);
      this.#names.set(index, []);
    }
    this.#files.update(changes, workspace);
    this.#modules = new ModuleLookup(workspace.projects);
    this.#plainModules.forget();
    this.#scanner.forget();
    this.#isUpdated = true;
    const absolute = this.#files.absoluteChanges(changes);
    this.#asked(() => this.#running().update(absolute, workspace, { projects, texts }));
  }

  surface(path: string, when: When): FileSurface | undefined {
    const file = this.#treeOf(path, when);
    return file === undefined ? undefined : surfaceOf(file);
  }

  functionTypes(path: string, starts: readonly number[], when: When): readonly string[] | undefined {
    const project = this.#projectAt(path, when);
    const file = this.#treeOf(path, when);
    if (project === undefined || file === undefined) return undefined;
    return this.#asked(() => functionTypesOf(project, file, starts));
  }

  isAtHand(path: string): boolean {
    return this.#running().isOpen(this.#files.at(this.#files.indexOf(path)).project);
  }

  release(): void {
    this.#running().release();
  }

  filesNaming(isMeant: (text: string) => boolean): readonly string[] {
    return this.#words.filesWith(isMeant).map((file) => this.#files.pathAt(file));
  }

  #treeOf(path: string, when: When): SourceFile | undefined {
    const absolutePath = this.#files.absoluteOf(path);
    return this.#asked(() => this.#projectAt(path, when)?.program.getSourceFile(absolutePath));
  }

  #projectAt(path: string, when: When): Project | undefined {
    const entry = this.#files.at(this.#files.indexOf(path));
    return when === 'now' ? this.#projectOf(entry).compiled : this.#running().formerAt(entry.project);
  }

  async close(): Promise<void> {
    this.#facts.length = 0;
    this.#tables.length = 0;
    this.#texts.length = 0;
    await this.#projects?.session.close();
    this.#projects = undefined;
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
    if (!this.#running().isOpen(project)) this.#scanner.forget();
    return this.#running().at(project);
  }

  #asked<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw this.#projects?.session.failureOf(error) ?? error;
    }
  }

  #forgetSometimes(): void {
    this.#sinceForgetting += 1;
    if (this.#sinceForgetting < FILES_BETWEEN_FORGETTING) return;
    this.#sinceForgetting = 0;
    this.#projects?.session.forgetTrees();
  }

  #running(): NativeProjects {
    if (this.#projects === undefined) throw new AppError('internal', 'The native compiler is closed.');
    return this.#projects;
  }
}
