import type { EdgeKind, GraphColumns } from '../../../src/graph/graph-schema.ts';
import { GraphColumnsBuilder, seededRandom } from '../../support/graph-columns.ts';

const KINDS = ['function', 'function', 'variable', 'class', 'interface'] as const;
const FUNCTION_USES = ['calls', 'references', 'type-uses'] as const satisfies readonly EdgeKind[];

/**
 * A program that hangs together as extracted ones do: a main file that imports the others, some of which form an island,
 * classes that extend and implement earlier ones with members that stand for theirs, variables, and uses at random.
 */
export function randomProgram(seed: number): GraphColumns {
  const program = new RandomProgram(seed);
  program.addDeclarations();
  program.addImports();
  program.addUses();
  return program.graph.build();
}

interface TypeRows {
  readonly row: number;
  readonly members: readonly number[];
}

class RandomProgram {
  readonly graph = new GraphColumnsBuilder();
  readonly #random: () => number;
  readonly #files: readonly number[];
  readonly #types: TypeRows[] = [];
  readonly #declarations: number[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const paths = Array.from({ length: 2 + this.#pick(5) }, (_, at) => (at === 0 ? 'src/main.ts' : `src/f${at}.ts`));
    this.#files = paths.map((path) => this.graph.file(path));
  }

  addDeclarations(): void {
    const count = 8 + this.#pick(30);
    for (let at = 0; at < count; at += 1) {
      const kind = KINDS[this.#pick(KINDS.length)] ?? 'function';
      const signature = kind === 'variable' && this.#chance(0.5) ? 'const x = make()' : '';
      const named = { name: `${kind}${at}`, isExported: this.#chance(0.5), signature };
      const row = this.graph.node(this.#one(this.#files), kind, named);
      this.#declarations.push(row);
      if (kind === 'class' || kind === 'interface') this.#addMembers(row, kind);
    }
  }

  addImports(): void {
    for (const [at, file] of this.#files.entries()) {
      const importer = this.#chance(0.3) ? this.#one(this.#files) : (this.#files[this.#pick(at)] ?? file);
      if (importer !== file) this.graph.edge(importer, file, 'imports');
    }
  }

  addUses(): void {
    const members = this.#types.flatMap((type) => type.members);
    const users = [...this.#declarations, ...members];
    for (let at = 0; at < users.length * 1.2; at += 1) {
      // Most uses come from declarations: else everything is used by the code of some file.
      const user = this.#one(this.#chance(0.07) ? this.#files : users);
      if (members.length > 0 && this.#chance(0.5)) {
        this.graph.edge(user, this.#one(members), this.#chance(0.8) ? 'calls' : 'references');
      } else {
        this.graph.edge(user, this.#one(this.#declarations), FUNCTION_USES[this.#pick(3)] ?? 'calls');
      }
      const made = this.#types[this.#pick(this.#types.length)];
      if (made !== undefined && this.#chance(0.2)) this.graph.edge(user, made.row, 'constructs');
    }
  }

  #addMembers(row: number, kind: 'class' | 'interface'): void {
    const members = Array.from({ length: 1 + this.#pick(3) }, () =>
      this.graph.node(row, this.#chance(0.8) ? 'method' : 'property', `m${this.#pick(12)}`),
    );
    if (kind === 'class' && this.#chance(0.5)) members.push(this.graph.node(row, 'constructor', 'constructor'));
    const base = this.#types[this.#pick(this.#types.length * 2)];
    if (base !== undefined) {
      this.graph.edge(row, base.row, kind === 'class' ? 'implements' : 'extends');
      for (const member of members) {
        if (this.#chance(0.6)) this.graph.edge(member, this.#one(base.members), 'overrides');
      }
    }
    this.#types.push({ row, members });
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #one(rows: readonly number[]): number {
    return rows[this.#pick(rows.length)] ?? 0;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}
