import { readManifest } from '../discovery/package-map.ts';
import type { NodeKind } from '../graph-schema.ts';
import type { GraphView } from '../query/graph-view.ts';

/** Names of symbols as SCIP writes them: https://github.com/sourcegraph/scip, message Symbol of scip.proto. */
export class ScipSymbols {
  readonly #view: GraphView;
  readonly #root: string;
  readonly #packages = new Map<string, string>();
  readonly #names = new Map<number, string>();
  /** How many rows were given a name with this beginning: overloads of one name are numbered. */
  readonly #taken = new Map<string, number>();

  constructor(view: GraphView, root: string) {
    this.#view = view;
    this.#root = root;
  }

  /** The name of a row's symbol; declarations that are merged in the language share one. */
  nameOf(row: number): string {
    const known = this.#names.get(row);
    if (known !== undefined) return known;
    const container = this.#view.containerOf(row);
    const name = container < 0 ? this.#fileName(row) : this.#memberName(this.nameOf(container), row);
    this.#names.set(row, name);
    return name;
  }

  #memberName(outer: string, row: number): string {
    const name = escapeName(this.#view.kindOf(row) === 'constructor' ? '<constructor>' : this.#view.nameOf(row));
    const kind = this.#suffixKind(row);
    if (kind !== 'method') return outer + name + SUFFIXES[kind];
    const beginning = `${outer}${name}(`;
    const taken = this.#taken.get(beginning) ?? 0;
    this.#taken.set(beginning, taken + 1);
    return `${beginning}${taken === 0 ? '' : `+${taken}`}).`;
  }

  /** A component may be a function or a class. */
  #suffixKind(row: number): keyof typeof SUFFIXES | 'method' {
    const kind = this.#view.kindOf(row);
    if (kind !== 'component') return SUFFIX_OF[kind];
    return this.#view.membersOf(row).length > 0 ? 'type' : 'method';
  }

  #fileName(row: number): string {
    const path = this.#view.pathOf(row);
    const { folder, prefix } = this.#packageOf(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    const inside = folder === '' ? path : path.slice(folder.length + 1);
    return (
      prefix +
      inside
        .split('/')
        .map((part) => `${escapeName(part)}/`)
        .join('')
    );
  }

  /** The nearest manifest above a folder that has a name. */
  #packageOf(folder: string): { folder: string; prefix: string } {
    const prefix = this.#prefixOf(folder);
    if (prefix !== '' || folder === '') return { folder, prefix: prefix === '' ? 'lightdom npm . . ' : prefix };
    return this.#packageOf(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))));
  }

  #prefixOf(folder: string): string {
    const known = this.#packages.get(folder);
    if (known !== undefined) return known;
    const manifest = readManifest(`${this.#root}/${folder}${folder === '' ? '' : '/'}package.json`);
    const version = manifest?.version?.replaceAll(' ', '  ') || '.';
    const prefix = manifest?.name === undefined ? '' : `lightdom npm ${manifest.name} ${version} `;
    this.#packages.set(folder, prefix);
    return prefix;
  }
}

const SUFFIXES = { namespace: '/', type: '#', term: '.', meta: ':' } as const;

const SUFFIX_OF = {
  file: 'namespace',
  module: 'namespace',
  namespace: 'namespace',
  class: 'type',
  interface: 'type',
  enum: 'type',
  type: 'type',
  function: 'method',
  method: 'method',
  constructor: 'method',
  component: 'method',
  accessor: 'term',
  property: 'term',
  variable: 'term',
  test: 'meta',
  route: 'meta',
} as const satisfies Record<NodeKind, keyof typeof SUFFIXES | 'method'>;

function escapeName(name: string): string {
  if (/^[\w+\-$]+$/.test(name)) return name;
  return `\`${name.replaceAll('`', '``')}\``;
}
