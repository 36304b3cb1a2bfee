import { describe, expect, test } from 'vitest';
import { findDeadCode } from '../../../src/graph/analysis/dead-code.ts';
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

  test('in 12 random workspaces of real TypeScript', async () => {
    let found = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const { view } = await indexed(randomWorkspace(seed));
      found += deadRows(view).reported.length;
      expect(contradictions(view), `seed ${seed}`).toEqual([]);
    }
    expect(found).toBeGreaterThan(12);
  }, 60_000);
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
    'src/task.ts': 'export interface Task { run(): void }\n',
    'src/main.ts': `import { f0 } from './m0';\nimport { C1 } from './m1';\nf0();\nconst task: import('./task').Task = new C1();\ntask.run();\n`,
    ...Object.fromEntries(sources.map((source, at) => [`src/m${at}.ts`, source])),
  };
}
