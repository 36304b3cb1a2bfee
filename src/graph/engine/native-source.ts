import { statSync } from 'node:fs';
import type { Diagnostic, Project } from 'typescript/unstable/sync';
import { AppError, messageOf } from '../../core/errors.ts';
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
import type { FileTable } from './flat/flat-places.ts';
import { isForeignBundle } from './foreign-bundle.ts';
import { IntColumn } from './int-column.ts';
import { MissingPackages } from './missing-packages.ts';
import { ModuleLookup } from './module-lookup.ts';
import { nativeMemory } from './native-memory.ts';
import { NativeInheritance } from './native-inheritance.ts';
import { NativePlaces } from './native-places.ts';
import { NativeResolver } from './native-resolver.ts';
import { NativeScanner } from './native-scanner.ts';
import { NativeSession } from './native-session.ts';
import type { Target } from './symbol-resolver.ts';

interface SourceEntry {
  readonly path: string;
  readonly absolutePath: string;
  readonly project: number;
}

interface OpenProject {
  readonly project: number;
  readonly resolver: NativeResolver;
  readonly inheritance: NativeInheritance;
  /** First syntax error of a file as text. */
  readonly syntaxErrorOf: (absolutePath: string) => string | undefined;
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
export class NativeSource implements TypeSource {
  readonly engine = 'ts7';
  readonly #options: NativeSourceOptions;
  #root = '';
  #projects: readonly ProjectModel[] = [];
  #entries: SourceEntry[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #facts: FileFacts[] = [];
  readonly #tables: FileTable[] = [];
  /** Names that something in the workspace bears: any other name can't point into it. */
  readonly #names = new Set<string>(['default']);
  readonly #hidden = new Set<string>();
  #missing = new MissingPackages('');
  #session: NativeSession | undefined;
  #scanner = new NativeScanner('', []);
  #modules = new ModuleLookup([]);
  #open: OpenProject | undefined;
  readonly #unloadable = new Map<number, AppError>();
  #sinceForgetting = 0;

  constructor(options: NativeSourceOptions) {
    this.#options = options;
  }

  /** Throws when the compiler does not run here. */
  open(workspace: WorkspaceModel): void {
    this.#root = workspace.root;
    this.#projects = workspace.projects;
    this.#missing = new MissingPackages(workspace.root);
    for (const { state, path } of workspace.files) if (state === 'skipped') this.#hidden.add(`${this.#root}/${path}`);
    for (const [project, model] of workspace.projects.entries()) {
      for (const absolutePath of model.files) {
        this.#indexes.set(absolutePath, this.#entries.length);
        this.#entries.push({ path: absolutePath.slice(this.#root.length + 1), absolutePath, project });
      }
    }
    this.#scanner = new NativeScanner(this.#root, [...this.#indexes.keys()]);
    this.#modules = new ModuleLookup(workspace.projects);
    this.#session = this.#startSession(nativeMemory(workspace, this.#options.memoryMb));
  }

  files(): readonly string[] {
    return this.#entries.map((entry) => entry.path);
  }

  scan(path: string): FileScan {
    const index = this.#indexOf(path);
    const session = this.#running();
    this.#open = undefined;
    const scanned = this.#asked(() => this.#scanner.scan(session, index, path)) ?? nothingOf(path);
    const { scan, facts, table } = scanned;
    this.#facts[index] = withoutPlaces(facts);
    this.#tables[index] = table;
    for (const node of scan.nodes) this.#names.add(node.name);
    for (const name of facts.linkNames) this.#names.add(name);
    this.#forgetSometimes();
    return scan;
  }

  projectOf(path: string): string {
    return this.#projects[this.#entryAt(this.#indexOf(path)).project]?.name ?? '';
  }

  prepare(path: string): void {
    this.#projectOf(this.#entryAt(this.#indexOf(path)));
  }

  resolve(path: string, positions: Int32Array): ResolvedTargets {
    const index = this.#indexOf(path);
    const entry = this.#entryAt(index);
    const facts = this.#facts[index];
    const { resolver } = this.#projectOf(entry);
    if (facts === undefined) throw new AppError('internal', `${path} was never scanned.`);
    const targets = this.#asked(() => resolver.targetsOf({ path: entry.absolutePath, facts, positions }, this.#names));
    this.#forgetSometimes();
    return toColumns(targets.map((each, row) => this.#withModule(each, { entry, facts, row })));
  }

  inheritance(path: string): readonly Inheritance[] {
    const index = this.#indexOf(path);
    const entry = this.#entryAt(index);
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
      targetFile: this.#entries[target.file]?.path ?? '',
      targetNameStart: target.position,
    }));
  }

  syntaxError(path: string): string | undefined {
    const entry = this.#entryAt(this.#indexOf(path));
    return this.#asked(() => this.#projectOf(entry).syntaxErrorOf(entry.absolutePath));
  }

  unresolvedPackages(): readonly string[] {
    return this.#missing.list();
  }

  /** This engine starts over: its worker lives for one index. */
  update(_changes: FileChanges): void {
    throw new AppError('unsupported', 'The ts7 engine indexes a workspace as a whole.');
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
    if (path !== undefined) return [{ file: this.#indexes.get(path) ?? TARGET.external, position: -1 }];
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
      const project = session.open(model, `${number}`);
      const places = new NativePlaces({
        indexOf: (path) => this.#indexes.get(path),
        factsOf: (file) => this.#facts[file],
        tableOf: (file) => this.#tables[file],
      });
      const resolver = new NativeResolver(project, places);
      const inheritance = new NativeInheritance(project, resolver);
      return { project: number, resolver, inheritance, syntaxErrorOf: syntaxErrors(project) };
    } catch (error) {
      const cause = session.failureOf(error);
      if (cause instanceof AppError && cause.code === 'upstream_failed') throw cause;
      const failure = new AppError('internal', `${model.name} could not be loaded: ${messageOf(error)}`, { cause });
      this.#unloadable.set(number, failure);
      throw failure;
    }
  }

  #startSession(environment: Readonly<Record<string, string>>): NativeSession {
    const owned = new Set(this.#indexes.keys());
    const overlay = (path: string): string | undefined =>
      this.#hidden.has(path) || isForeignBundle(path, owned, sizeOf) ? '' : undefined;
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

  #indexOf(path: string): number {
    const index = this.#indexes.get(`${this.#root}/${path}`);
    if (index === undefined) throw new AppError('not_found', `${path} is not a file of this workspace.`);
    return index;
  }

  #entryAt(index: number): SourceEntry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new AppError('internal', `There is no file ${index}.`);
    return entry;
  }
}

/** Asked for all files at once: few have any. */
function syntaxErrors({ program }: Project): OpenProject['syntaxErrorOf'] {
  const firsts = new Map<string, Diagnostic>();
  for (const error of program.getSyntacticDiagnostics().toReversed()) firsts.set(error.fileName ?? '', error);
  return (path) => {
    const first = firsts.get(path);
    if (first === undefined) return undefined;
    const line = program.getSourceFile(path)?.getLineAndCharacterOfPosition(first.pos).line ?? 0;
    return `line ${line + 1}: ${first.text}`;
  };
}

function toColumns(targets: readonly (readonly Target[])[]): ResolvedTargets {
  const columns = { candidate: new IntColumn(), file: new IntColumn(), position: new IntColumn() };
  for (const [candidate, each] of targets.entries()) {
    for (const target of each) {
      columns.candidate.push(candidate);
      columns.file.push(target.file);
      columns.position.push(target.position);
    }
  }
  return {
    count: columns.candidate.length,
    candidate: columns.candidate.toInts(),
    file: columns.file.toInts(),
    position: columns.position.toInts(),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
