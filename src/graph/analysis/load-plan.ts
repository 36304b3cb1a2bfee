import { degreeOf, kindMask, neighboursOf } from '../query/csr.ts';
import { CONSTRUCTS, DEPENDENCIES } from '../query/edge-groups.ts';
import type { GraphView } from '../query/graph-view.ts';
import type { FileExports } from './file-exports.ts';
import type { FileLink } from './file-links.ts';
import { FileUses } from './file-uses.ts';
import { CLASSES, isAmbient, isDecorated, isStatic, mayRunAtLoad } from './member-traits.ts';

/** `isWhole`: the declaration itself is wanted, not only what its own text does. */
export interface LoadStep {
  readonly row: number;
  readonly isWhole: boolean;
}

const SURFACE = kindMask(['type-uses', 'extends', 'constructs']);
const RUNS = kindMask(['calls', 'constructs', 'renders', 'references', 'writes', 'value-alias', 'passes', 'routes']);

const SCOPES: ReadonlySet<string> = new Set(['file', 'namespace', 'module']);

/** What happens when a file is loaded, read off the graph. */
export class LoadPlan {
  /** Rows of files that another file imports. */
  readonly importedFiles: ReadonlySet<number>;
  readonly #view: GraphView;
  readonly #exports: FileExports;
  readonly #uses: FileUses;
  readonly #links = new Map<number, FileLink[]>();
  readonly #fileRows: Int32Array;
  readonly #twins: ReadonlyMap<number, readonly number[]>;

  constructor(view: GraphView, links: readonly FileLink[], exports: FileExports) {
    this.#view = view;
    this.#exports = exports;
    this.#uses = new FileUses(view, DEPENDENCIES);
    this.#fileRows = new Int32Array(view.columns.files.length).fill(-1);
    for (let row = 0; row < view.nodeCount; row += 1) {
      if (view.kindOf(row) === 'file') this.#fileRows[view.columns.nodes.file[row] ?? 0] = row;
    }
    for (const link of links) this.#links.set(link.from, [...(this.#links.get(link.from) ?? []), link]);
    this.#twins = twinsIn(view);
    this.importedFiles = new Set(links.filter(({ from, to }) => from !== to).map(({ to }) => to));
  }

  fileOf(row: number): number {
    return this.#fileRows[this.#view.columns.nodes.file[row] ?? 0] ?? -1;
  }

  filesLoadedBy(file: number): readonly number[] {
    return (this.#links.get(file) ?? []).map(({ to }) => to);
  }

  /**
   * Symbols that a file imports and then never mentions: somebody wanted them, in a way that the graph does not see.
   * Of a module imported as a whole that is all of it, unless some symbol of it is mentioned.
   */
  namedBy(file: number): number[] {
    const index = this.#view.columns.nodes.file[file] ?? 0;
    const isMentioned = (row: number): boolean => this.#uses.has(index, row);
    const imports = (this.#links.get(file) ?? []).filter(({ isReExport }) => !isReExport);
    return imports.flatMap(({ to, names, isWhole }) => {
      if (!isWhole) return names.filter((row) => !isMentioned(row));
      const offered = Array.from(this.#exports.of(to));
      return offered.some(isMentioned) ? [] : offered;
    });
  }

  /** Module-level code, tests, what decorators register, and declarations about other code. */
  runAtLoad(file: number): LoadStep[] {
    const steps: LoadStep[] = [];
    const open = [...this.#view.membersOf(file)];
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      const kind = this.#view.kindOf(row);
      if (kind === 'module' || isAmbient(this.#view, row)) {
        steps.push(...this.#view.withDescendants(row).map((each) => ({ row: each, isWhole: true })));
      } else if (kind === 'namespace') {
        steps.push({ row, isWhole: false });
        open.push(...this.#view.membersOf(row));
      } else {
        steps.push(...this.#stepsOf(row));
      }
    }
    return steps;
  }

  /** Declarations that are one symbol, or that names can't tell apart: a type and a value, a class and a namespace. */
  twinsOf(row: number): readonly number[] {
    return this.#twins.get(row) ?? [];
  }

  /** Public together with a public declaration: what its header names, and what it makes and may hand out. */
  surfaceOf(row: number): number[] {
    const header = this.#view.columns.nodes.signature[row] ?? '';
    const words = new Set(header.match(/[\w$]+/g));
    const isCut = header.endsWith('…');
    const shown = neighboursOf(this.#view.forward, row, SURFACE);
    // Without a type after its parameters, a function may return any object that it makes.
    const made = header.endsWith(')') ? neighboursOf(this.#view.forward, row, CONSTRUCTS) : [];
    return [...shown.filter((target) => isCut || words.has(this.#view.nameOf(target))), ...made];
  }

  #stepsOf(row: number): LoadStep[] {
    const view = this.#view;
    const kind = view.kindOf(row);
    if (kind === 'test' || kind === 'route' || isDecorated(view, row)) return [{ row, isWhole: true }];
    const members = view.membersOf(row);
    if (members.some((member) => isDecorated(view, member))) return [{ row, isWhole: true }];
    if (kind === 'variable' && mayRunAtLoad(view, row)) {
      return [row, ...members.filter((member) => view.kindOf(member) === 'property')].map(notWhole);
    }
    if (!CLASSES.has(kind)) return [];
    // A static block belongs to the class itself. A component that is a function does nothing yet.
    const statics = members.filter((member) => isStatic(view, member) && view.kindOf(member) === 'property');
    const isClass = kind === 'class' || /\bclass\b/.test(view.columns.nodes.signature[row] ?? '');
    return [...(isClass && degreeOf(view.forward, row, RUNS) > 0 ? [row] : []), ...statics].map(notWhole);
  }
}

function notWhole(row: number): LoadStep {
  return { row, isWhole: false };
}

/** Namesakes directly in a file or a namespace; members of types are told apart by their types. */
function twinsIn(view: GraphView): Map<number, number[]> {
  const twins = new Map<number, number[]>();
  for (const namesakes of view.rowsByName.values()) {
    if (namesakes.length < 2) continue;
    const groups = new Map<number, number[]>();
    for (const row of namesakes) {
      const container = view.containerOf(row);
      if (container >= 0) groups.set(container, [...(groups.get(container) ?? []), row]);
    }
    for (const [container, rows] of groups) {
      if (rows.length < 2 || !SCOPES.has(view.kindOf(container))) continue;
      for (const row of rows) twins.set(row, rows);
    }
  }
  return twins;
}
