import type { Project } from 'typescript/unstable/sync';
import { AppError } from '../../core/errors.ts';
import { scanFlat } from './flat/flat-scan.ts';
import type { FlatScan } from './flat/flat-scan.ts';
import { FlatTree } from './flat/flat-tree.ts';
import type { NativeSession } from './native-session.ts';

/**
 * Files that are parsed together to be scanned, in a project of their own without libraries and imports. Parsing is done
 * again when the file's real project is opened, as to keep all trees meanwhile takes as much memory as the types do.
 * CPU in seconds, of the compiler and of this process, until everything is scanned and each project has been opened:
 *                        496 files, 1 project   390 files, 8 projects   7024 files, 42 projects
 * chunks                 0.37 + 0.43            0.69 + 0.47             19.9 + 2.1, 1.0 GB at most
 * one chunk that stays   0.37 + 0.44            0.67 + 0.47             19.1 + 2.3, 2.1 GB at most
 * real projects, twice   not needed             0.95 + 0.50             not measured
 * TypeScript 6 here      0.23 + 2.28            0.42 + 2.57             15.8 + 10.7
 */
const CHUNK_FILES = 1000;

/** What only parses: nothing but the files themselves is looked at. */
const PARSE_ONLY = {
  noLib: true,
  noResolve: true,
  types: [],
  noEmit: true,
  jsx: 'preserve',
  target: 'esnext',
  module: 'esnext',
  moduleResolution: 'bundler',
} as const;

/** Scans files out of the syntax trees that the native compiler sends. */
export class NativeScanner {
  readonly #root: string;
  readonly #paths: readonly string[];
  #chunk = -1;
  #project: Project | undefined;

  /** `paths` are absolute, in the order in which they are going to be scanned. */
  constructor(root: string, paths: readonly string[]) {
    this.#root = root;
    this.#paths = paths;
  }

  /** `path` is the file's relative path. Undefined for a file that vanished since it was listed. */
  scan(session: NativeSession, index: number, path: string): FlatScan | undefined {
    const absolutePath = this.#paths[index];
    if (absolutePath === undefined) throw new AppError('internal', `There is no file ${index}.`);
    const source = this.#opened(session, Math.floor(index / CHUNK_FILES)).program.getSourceFile(absolutePath);
    return source === undefined ? undefined : scanFlat(new FlatTree(source), path);
  }

  /** The session is about to open something else. */
  forget(): void {
    this.#chunk = -1;
    this.#project = undefined;
  }

  #opened(session: NativeSession, chunk: number): Project {
    if (this.#project !== undefined && this.#chunk === chunk) return this.#project;
    this.forget();
    session.forgetTrees();
    const files = this.#paths.slice(chunk * CHUNK_FILES, (chunk + 1) * CHUNK_FILES);
    const model = { name: 'the files to scan', files, compilerOptions: PARSE_ONLY, basePath: this.#root };
    const project = session.open(model, `scan-${chunk}`);
    this.#project = project;
    this.#chunk = chunk;
    return project;
  }
}
