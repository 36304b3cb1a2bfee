import type { Project } from 'typescript/unstable/sync';
import { AppError } from '../../core/errors.ts';
import { scanFlat } from './flat/flat-scan.ts';
import type { FlatScan } from './flat/flat-scan.ts';
import { NativeTrees } from './flat/native-tree.ts';
import type { NativeSession } from './native-session.ts';

/**
 * Files that are parsed together to be scanned, in a project of their own without libraries and imports. CPU in seconds
 * of the compiler + of this process, until all is scanned and each real project has been opened once, and the most
 * memory of the compiler:
 *                    496 files, 1 project   390 files, 8 projects   7024 files, 42 projects
 * chunks of 1000     0.4 + 0.5              0.8 + 0.5               20.4 + 2.7, 1.2 GB
 * chunks of 250      the same               the same                21.8 + 3.1, 1.1 GB
 * one that stays     0.4 + 0.4              0.7 + 0.5               19.1 + 2.3, 2.1 GB
 * real projects, twice (the other ways: once)   1.0 + 0.5           not measured
 * TypeScript 6       0.2 + 2.3              0.4 + 2.6               15.8 + 10.7, 1.0 GB
 * The trees of the last chunk are still there when the first project is opened, which is why one chunk costs so little.
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
  readonly #trees = new NativeTrees();
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
    return source === undefined ? undefined : scanFlat(this.#trees.treeOf(source), path);
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
