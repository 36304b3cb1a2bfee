import { describe, expect, test } from 'vitest';
import { findDeadCode } from '../../../src/graph/analysis/dead-code.ts';
import { NODE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { NodeKind } from '../../../src/graph/graph-schema.ts';
import { kindMask } from '../../../src/graph/query/csr.ts';
import type { GraphView } from '../../../src/graph/query/graph-view.ts';
import { traceCallers, traceReferences } from '../../../src/graph/query/trace.ts';
import { randomGraph, seededRandom } from '../../support/graph-columns.ts';
import { viewOf } from '../../support/sample-graph.ts';
import { randomProgram } from './random-program.ts';
import { indexed } from './report-fixture.ts';

const ENTRIES = { files: new Set<string>(), scripts: '', areKnown: true };
/** That a file imports or passes on a name is no use of it. */
const LINKAGE = kindMask(['imports', 'exports', 're-exports']);

/** What is said to be dead, with all that lies in it. */
function deadRows(view: GraphView): { readonly reported: number[]; readonly all: ReadonlySet<number> } {
  const findings = findDeadCode(view, ENTRIES).filter(({ isCertain }) => isCertain);
  const reported = findings.map(({ row }) => row);
  return { reported, all: new Set(reported.flatMap((row) => view.withDescendants(row))) };
}

/** Names of users that live, of something that is said to be dead: there must be none. */
function contradictions(view: GraphView): string[] {
  const { reported, all } = deadRows(view);
  return reported.flatMap((row) => {
    const callers = traceCallers(view, row, { depth: view.nodeCount }).hits;
    const references = traceReferences(view, row).hits.filter(
      ({ edge }) => ((LINKAGE >> (view.columns.edges.kind[edge] ?? 0)) & 1) === 0,
    );
    const living = [...callers, ...references].filter((hit) => !all.has(hit.row));
    return living.map((hit) => `${view.qualifiedNameOf(row)} ← ${view.qualifiedNameOf(hit.row)}`);
  });
}

describe('dead code never has a user that lives', () => {
  test('in 300 random programs with classes, dispatch and islands of files', () => {
    let found = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const view = viewOf(randomProgram(seed));
      found += deadRows(view).reported.length;
      expect(contradictions(view), `seed ${seed}`).toEqual([]);
    }
    expect(found).toBeGreaterThan(600);
  });

  test('in 100 random graphs with edges of all kinds', () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const view = viewOf(randomGraph(seed, 50, 40));
      found += deadRows(view).reported.length;
      expect(contradictions(view), `seed ${seed}`).toEqual([]);
    }
    expect(found).toBeGreaterThan(100);
  });

  test('and what lives has a use that lives, or runs, in 300 random programs', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const view = viewOf(randomProgram(seed));
      const { all } = deadRows(view);
      for (let row = 0; row < view.nodeCount; row += 1) {
        if (view.kindOf(row) !== 'function' || all.has(row) || view.isExported(row)) continue;
        const users = traceReferences(view, row).hits.map((hit) => hit.row);
        // A variable that nobody uses runs its initializer all the same; a member of a dead class may be called.
        const runs = users.some((user) => !all.has(user) || view.kindOf(user) !== 'function');
        expect(runs, `seed ${seed}: ${view.qualifiedNameOf(row)} is called living without a use`).toBe(true);
      }
    }
  });

  test.each(['ts7', 'ts-morph'] as const)(
    'in 8 random workspaces of real TypeScript with nodes of every kind, by %s',
    async (engine) => {
      let found = 0;
      const kinds = new Set<NodeKind>();
      const dead = new Set<NodeKind>();
      for (let seed = 1; seed <= 8; seed += 1) {
        const { view } = await indexed(randomWorkspace(seed), engine);
        const { reported } = deadRows(view);
        found += reported.length;
        for (let row = 0; row < view.nodeCount; row += 1) kinds.add(view.kindOf(row));
        for (const row of reported) dead.add(view.kindOf(row));
        expect(contradictions(view), `seed ${seed}`).toEqual([]);
      }
      expect(found).toBeGreaterThan(12);
      expect(NODE_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
      // What declares is found dead as well as what runs.
      expect([...dead]).toEqual(expect.arrayContaining(['class', 'enum', 'function', 'interface', 'type', 'variable']));
    },
    120_000,
  );
});

/** Files that import from all others what they use: functions that call, and classes that implement and override. */
function randomWorkspace(seed: number): Record<string, string> {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const count = 8 + pick(8);
  const file = (at: number): number => at % 3;
  const bodies = Array.from({ length: count }, (_, at) => {
    const called = Array.from({ length: pick(3) }, () => pick(count));
    const body = called.map((other) => (other % 2 === 0 ? `f${other}();` : `new C${other}().run();`)).join(' ');
    if (at % 2 === 0) return `export function f${at}(): void { ${body} }`;
    const base = at > 2 && random() < 0.6 ? ` extends C${at - 2}` : ' implements Task';
    return `export class C${at}${base} { run(): void { ${body} } only${at}(): void { this.run(); } }`;
  });
  const names = bodies.map((_, at) => (at % 2 === 0 ? `f${at}` : `C${at}`));
  const sources = [0, 1, 2].map((own) => {
    const imports = [0, 1, 2].filter((other) => other !== own);
    const lines = imports.map((other) => {
      const wanted = names.filter(
        (name, at) => file(at) === other && bodies.some((body, by) => file(by) === own && body.includes(`${name}(`)),
      );
      return wanted.length === 0 ? '' : `import { ${wanted.join(', ')} } from './m${other}';`;
    });
    const bases = names.filter(
      (name, at) =>
        file(at) !== own && bodies.some((body, by) => file(by) === own && body.includes(`extends ${name} `)),
    );
    const extra = bases.map((name) => `import { ${name} as Base${name} } from './m${file(names.indexOf(name))}';`);
    const task = `import type { Task } from './task';`;
    const text = bodies
      .filter((_, at) => file(at) === own)
      .map((body) =>
        body.replace(/extends (C\d+)/, (whole, name: string) => (bases.includes(name) ? `extends Base${name}` : whole)),
      );
    return [task, ...lines, ...extra, ...text].join('\n');
  });
  return {
    'src/view.tsx': viewText(pick),
    'src/server.ts': SERVER,
    'src/view.test.ts': "import { used } from './view';\ntest('shows', () => { used(); });\n",
    'src/task.ts': 'export interface Task { run(): void }\n',
    'src/main.ts': `import { f0 } from './m0';\nimport { C1 } from './m1';\nf0();\nconst task: import('./task').Task = new C1();\ntask.run();\n`,
    ...Object.fromEntries(sources.map((source, at) => [`src/m${at}.ts`, source])),
  };
}

const SERVER = `declare module 'plugin' { export function load(): void }
import express from 'express';
import { used } from './view';
const app = express();
app.get('/things', () => { used(); });
app.get('/others', handler);
function handler(): void { used(); }
`;

/** Declarations of all kinds, each used by some others at random, or by nobody. */
function viewText(pick: (count: number) => number): string {
  const declarations = [
    (at: number, body: string) => `enum E${at} { A, B } function e${at}(): void { E${at}.A; ${body} }`,
    (at: number, body: string) => `type T${at} = { a: number }; function t${at}(x: T${at}): void { x.a; ${body} }`,
    (at: number, body: string) =>
      `namespace N${at} { export const inner = 1; } function n${at}(): void { N${at}.inner; ${body} }`,
    (at: number, body: string) =>
      `class K${at} { readonly p = ${at}; constructor() { ${body} } get q(): number { return this.p; } m(): void { this.q; } } function k${at}(): void { new K${at}().m(); }`,
    (at: number, body: string) => `const v${at} = (): void => { ${body} };`,
    (at: number, body: string) =>
      `interface I${at} { go(): void } function i${at}(x: I${at}): void { x.go(); ${body} }`,
    (at: number, body: string) =>
      `function P${at}() { ${body} return <div><b></b></div>; } function p${at}() { return <P${at}></P${at}>; }`,
  ];
  const names = ['e', 't', 'n', 'k', 'v', 'i', 'p'];
  const wanted = new Set(['e', 'n', 'k', 'v', 'p']);
  const count = 21;
  const nameOf = (at: number): string => `${names[at % names.length]}${at}`;
  const callable = Array.from({ length: count }, (_, at) => nameOf(at)).filter((name) => wanted.has(name.slice(0, 1)));
  const call = (): string => (pick(2) === 0 ? '' : `${callable[pick(callable.length)]}();`);
  const text = Array.from({ length: count }, (_, at) => declarations[at % declarations.length]?.(at, call()) ?? '');
  // Each kind stands alone once, used by nobody.
  const alone = [
    'enum Alone { A }',
    'type Lone = number;',
    'interface Lonely { a: number }',
    'class Single { a = 1; }',
    'const one = 1;',
  ];
  return [...text, ...alone, `export function used(): void { ${call()} ${call()} }`].join('\n');
}
