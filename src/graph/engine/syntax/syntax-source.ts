import { readFileSync } from 'node:fs';
import { AppError } from '../../../core/errors.ts';
import type { FileScan, Inheritance, ResolvedTargets, TypeSource, WorkspaceModel } from '../../type-source.ts';
import { TARGET } from '../../type-source.ts';
import { targetColumns } from '../target-columns.ts';
import { readFile } from './file-names.ts';
import { knownFile } from './known-files.ts';
import type { KnownFile } from './known-files.ts';
import { ModuleFiles } from './module-files.ts';
import { MEANING } from './name-scopes.ts';
import type { NamedUse } from './name-refs.ts';
import { RefFollower } from './ref-follower.ts';
import type { Thing } from './ref-follower.ts';
import { parseSyntax } from './syntax-parser.ts';

interface SourceEntry {
  readonly path: string;
  readonly absolutePath: string;
  readonly project: number;
}

interface Target {
  readonly file: number;
  readonly position: number;
}

const EXTERNAL: Target = { file: TARGET.external, position: 0 };
const UNRESOLVED: Target = { file: TARGET.unresolved, position: 0 };

/**
 * Syntax alone, without types: each file is parsed once, and names are followed through scopes, imports, classes and
 * written types as far as those say where they lead. A name that they don't lead anywhere is left unresolved.
 */
export class SyntaxSource implements TypeSource {
  readonly engine = 'oxc';
  readonly live = undefined;
  #root = '';
  #projectNames: readonly string[] = [];
  readonly #entries: SourceEntry[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #known: (KnownFile | undefined)[] = [];
  readonly #errors = new Map<string, string>();
  /** Names that something in the workspace bears: any other name can't lead into it. */
  readonly #names = new Set<string>(['default']);
  /** Files that a global name is declared in. */
  readonly #globals = new Map<string, number>();
  #modules = new ModuleFiles([], new Map());
  readonly #follower: RefFollower;

  constructor() {
    this.#follower = new RefFollower({
      at: (file) => this.#known[file],
      moduleOf: (file, specifier) => this.#modules.find(specifier, this.#entryAt(file)),
      isOwnGlobal: (name) => this.#globals.get(name) === 1,
    });
  }

  open({ root, projects }: WorkspaceModel): void {
    this.#root = root;
    this.#projectNames = projects.map(({ name }) => name);
    for (const [project, { files }] of projects.entries()) {
      for (const absolutePath of files) {
        this.#indexes.set(absolutePath, this.#entries.length);
        this.#entries.push({ path: absolutePath.slice(root.length + 1), absolutePath, project });
      }
    }
    this.#modules = new ModuleFiles(projects, this.#indexes);
  }

  files(): readonly string[] {
    return this.#entries.map(({ path }) => path);
  }

  scan(path: string): FileScan {
    const index = this.#indexOf(path);
    const { tree, error } = parseSyntax(path, textOf(this.#entryAt(index).absolutePath));
    if (error !== undefined) this.#errors.set(path, error);
    const { scan, names } = readFile(tree, path);
    this.#known[index] = knownFile(scan, names);
    for (const { name } of scan.nodes) this.#names.add(name);
    for (const name of names.exports.names.keys()) this.#names.add(name);
    for (const name of names.globals) this.#globals.set(name, (this.#globals.get(name) ?? 0) + 1);
    return scan;
  }

  projectOf(path: string): string {
    return this.#projectNames[this.#entryAt(this.#indexOf(path)).project] ?? '';
  }

  prepare(): void {
    // All that is needed has been read by the scan.
  }

  resolve(path: string): ResolvedTargets {
    const file = this.#indexOf(path);
    const uses = this.#known[file]?.names.uses ?? [];
    return targetColumns(uses.map((use) => this.#targetsOf(file, use)));
  }

  inheritance(path: string): readonly Inheritance[] {
    const file = this.#indexOf(path);
    const links: Inheritance[] = [];
    for (const { bases, members } of this.#known[file]?.names.heirs ?? []) {
      for (const { kind, isOfClass, ref } of bases) {
        const base = ref && this.#follower.follow(file, ref, isOfClass ? MEANING.value : MEANING.type);
        if (base === undefined) continue;
        for (const { name, isStatic, nameStart } of members) {
          if (isStatic && !isOfClass) continue;
          const target = this.#follower.inherited(base, { name, isStatic });
          const node = target === undefined ? undefined : this.#known[target.file]?.nodes[target.row];
          if (target === undefined || node === undefined) continue;
          const { path: targetFile } = this.#entryAt(target.file);
          links.push({ kind, file: path, nameStart, targetFile, targetNameStart: node.nameStart });
        }
      }
    }
    return links;
  }

  syntaxError(path: string): string | undefined {
    return this.#errors.get(path);
  }

  /** Syntax does not look for packages. */
  unresolvedPackages(): readonly string[] {
    return [];
  }

  close(): Promise<void> {
    this.#known.length = 0;
    return Promise.resolve();
  }

  #targetsOf(file: number, { use, text, meaning, calls }: NamedUse): readonly Target[] {
    if (use === 'local') return [EXTERNAL];
    const thing = use === 'unknown' ? undefined : this.#follower.follow(file, use, meaning);
    if (thing === undefined) return [this.#names.has(text) ? UNRESOLVED : EXTERNAL];
    const called = calls === 'nothing' ? undefined : this.#follower.constructorOf(thing);
    const constructors = called === undefined ? [] : [this.#placeOf(called)];
    return calls === 'own constructor' ? constructors : [this.#placeOf(thing), ...constructors];
  }

  #placeOf({ file, row }: Thing): Target {
    return { file, position: row < 0 ? -1 : (this.#known[file]?.nodes[row]?.nameStart ?? -1) };
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

/** Of a file that vanished since it was listed nothing. The byte order mark is no part of the text. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return '';
  }
}
