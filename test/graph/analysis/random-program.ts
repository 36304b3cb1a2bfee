import type { EdgeKind, GraphColumns } from '../../../src/graph/graph-schema.ts';
import { GraphColumnsBuilder, seededRandom } from '../../support/graph-columns.ts';

const FUNCTION_USES = ['calls', 'references', 'type-uses'] as const satisfies readonly EdgeKind[];

/**
 * A program that hangs together as extracted ones do: a main file that imports the others, some of which form an island,
 * classes that extend and implement earlier ones with members that stand for theirs, variables, and uses at random.
 */
export function randomProgram(seed: number): GraphColumns {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const one = (rows: readonly number[]): number => rows[pick(rows.length)] ?? 0;
  const graph = new GraphColumnsBuilder();
  const files = Array.from({ length: 2 + pick(5) }, (_, at) => graph.file(at === 0 ? 'src/main.ts' : `src/f${at}.ts`));
  const types: { readonly row: number; readonly members: readonly number[] }[] = [];
  const functions: number[] = [];
  const users = [...files];
  for (let at = 0; at < 8 + pick(30); at += 1) {
    const isExported = random() < 0.5;
    const kind = (['function', 'function', 'variable', 'class', 'interface'] as const)[pick(5)] ?? 'function';
    const signature = kind === 'variable' && random() < 0.5 ? 'const x = make()' : '';
    const row = graph.node(one(files), kind, { name: `${kind}${at}`, isExported, signature });
    users.push(row);
    functions.push(row);
    if (kind !== 'class' && kind !== 'interface') continue;
    const members = Array.from({ length: 1 + pick(3) }, () =>
      graph.node(row, random() < 0.8 ? 'method' : 'property', `m${pick(12)}`),
    );
    if (kind === 'class' && random() < 0.5) members.push(graph.node(row, 'constructor', 'constructor'));
    users.push(...members);
    const base = types[pick(types.length * 2)];
    if (base !== undefined) {
      graph.edge(row, base.row, kind === 'class' ? 'implements' : 'extends');
      for (const member of members) if (random() < 0.6) graph.edge(member, one(base.members), 'overrides');
    }
    types.push({ row, members });
  }
  for (const [at, file] of files.entries()) {
    const importer = random() < 0.3 ? one(files) : (files[pick(at)] ?? file);
    if (importer !== file) graph.edge(importer, file, 'imports');
  }
  const members = types.flatMap((type) => type.members);
  for (let at = 0; at < users.length * 1.2; at += 1) {
    // Most uses come from declarations: else everything is used by the code of some file.
    const user = random() < 0.07 ? one(files) : one(users.slice(files.length));
    if (members.length > 0 && random() < 0.5) graph.edge(user, one(members), random() < 0.8 ? 'calls' : 'references');
    else graph.edge(user, one(functions), FUNCTION_USES[pick(3)] ?? 'calls');
    const made = types[pick(types.length)];
    if (made !== undefined && random() < 0.2) graph.edge(user, made.row, 'constructs');
  }
  return graph.build();
}
