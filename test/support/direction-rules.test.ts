import { describe, expect, test } from 'vitest';
import { declarationViolations, directionViolations, doorViolations } from './direction-rules.ts';
import { fileEdges } from './import-graph.ts';
import { readSourceFacts } from './source-facts.ts';

/** The edges of one import statement written in one file. */
function edgesOf(path: string, statement: string): ReturnType<typeof fileEdges> {
  return fileEdges([readSourceFacts(path, statement)]);
}

describe('direction of dependencies', () => {
  test.each([
    ['src/core/ids.ts', `import { x } from '../graph/index.ts'`, 'core must not depend on graph'],
    ['src/core/log.ts', `import type { X } from '../surface/index.ts'`, 'core must not depend on surface'],
    ['src/surface/define-tool.ts', `import { x } from '../runs/index.ts'`, 'surface must not depend on runs'],
    ['src/surface/tool-context.ts', `import { x } from '../services.ts'`, 'surface must not depend on root'],
    ['src/graph/graph-service.ts', `import { x } from '../server/index.ts'`, 'graph must not depend on server'],
    ['src/graph/graph-service.ts', `import { x } from '../surface/index.ts'`, 'graph must not depend on surface'],
    ['src/graph/graph-service.ts', `const app = await import('../app.ts')`, 'graph must not depend on root'],
    ['src/server/mcp/x.ts', `import { x } from '../../../tools/index.ts'`, 'server must not depend on tools'],
    ['src/server/mcp/x.ts', `import { x } from '../../catalog.ts'`, 'server must not depend on root'],
    ['src/services.ts', `import { x } from './graph/index.ts'`, 'root must not depend on graph'],
    ['src/app.ts', `import { x } from '../tools/index.ts'`, 'root must not depend on tools'],
    ['src/catalog.ts', `import { x } from './graph/index.ts'`, 'root must not depend on graph'],
    ['src/app.ts', `import { x } from './main.ts'`, 'root must not depend on root'],
    ['tools/graph/a.ts', `import { x } from '../../resources/b.ts'`, 'tools must not depend on resources'],
    ['tools/graph/a.ts', `import type { S } from '../../src/services.ts'`, 'tools must not depend on root'],
    ['prompts/a.ts', `import { x } from '../src/server/index.ts'`, 'prompts must not depend on server'],
    ['tools/graph/a.ts', `import { x } from '../../src/core/db/index.ts'`, 'tools must not depend on core'],
    ['src/graph/a.ts', `import { x } from '../../test/support/x.ts'`, 'graph must not depend on outside'],
    ['src/dashboard/a.ts', `import { x } from '../core/ids.ts'`, 'dashboard must not depend on core'],
  ])('%s may not say %s', (path, statement, expected) => {
    expect(directionViolations(edgesOf(path, statement)).join()).toContain(expected);
  });

  test.each([
    ['tools/graph/a.ts', `import { x } from '../../src/surface/index.ts'`],
    ['tools/graph/a.ts', `import { x } from '../../src/graph/index.ts'`],
    ['tools/graph/a.ts', `import { x } from './toolset.ts'`],
    ['tools/graph/a.ts', `import { x } from '../../src/core/errors.ts'`],
    ['src/surface/tool-context.ts', `import type { Services } from '../services.ts'`],
    ['src/services.ts', `import type { X } from './graph/index.ts'`],
    ['src/catalog.ts', `import { x } from '../tools/index.ts'`],
    ['src/main.ts', `import { x } from './app.ts'`],
    ['src/app.ts', `import { x } from './server/index.ts'`],
    ['src/orchestrator/a.ts', `import { x } from '../graph/index.ts'`],
    ['src/graph/a.ts', `import { x } from '../core/errors.ts'`],
  ])('%s may say %s', (path, statement) => {
    expect(directionViolations(edgesOf(path, statement))).toEqual([]);
  });
});

describe('declared edges between subsystems', () => {
  const edge = edgesOf('src/graph/graph-service.ts', `import { x } from '../runs/index.ts'`);

  test('an edge without a row is named with its place', () => {
    expect(declarationViolations(edge, [])).toEqual([
      'src/graph/graph-service.ts:1 → src/runs/index.ts: no row "graph → runs" in ARCHITECTURE.md',
    ]);
  });

  test('an edge with a row is fine', () => {
    expect(declarationViolations(edge, [{ from: 'graph', to: 'runs', why: 'indexing is a run' }])).toEqual([]);
  });

  test('a row that nothing uses, or that says no why, is named', () => {
    expect(declarationViolations([], [{ from: 'runs', to: 'graph', why: '' }])).toEqual([
      'ARCHITECTURE.md: nothing uses the row "runs → graph"',
      'ARCHITECTURE.md: the row "runs → graph" says no why',
    ]);
  });

  test('the server declares its subsystems too, and core and surface need no row', () => {
    expect(declarationViolations(edgesOf('src/server/a.ts', `import { x } from '../runs/index.ts'`), [])).toHaveLength(
      1,
    );
    expect(declarationViolations(edgesOf('src/server/a.ts', `import { x } from '../surface/index.ts'`), [])).toEqual(
      [],
    );
    expect(declarationViolations(edgesOf('src/runs/a.ts', `import { x } from '../core/ids.ts'`), [])).toEqual([]);
  });
});

describe('doors', () => {
  test.each([
    ['src/orchestrator/a.ts', `import { x } from '../graph/graph-service.ts'`, 'import src/graph/index.ts instead'],
    ['src/graph/a.ts', `import type { X } from '../core/db/database.ts'`, 'import src/core/db/index.ts instead'],
    ['src/app.ts', `import { x } from './server/mcp/index.ts'`, 'import src/server/index.ts instead'],
    ['src/catalog.ts', `import { x } from '../tools/graph/graph-search.ts'`, 'import tools/index.ts instead'],
    [
      'src/app.ts',
      `const path = entryPath(import.meta.url, './graph/x-worker.ts')`,
      'import src/graph/index.ts instead',
    ],
    ['src/app.ts', `type X = import('./graph/graph-schema.ts').X`, 'import src/graph/index.ts instead'],
  ])('%s may not reach past a door by %s', (path, statement, expected) => {
    expect(doorViolations(edgesOf(path, statement)).join()).toContain(expected);
  });

  test.each([
    ['src/graph/a.ts', `import { x } from './engine/b.ts'`],
    ['src/graph/a.ts', `import { x } from '../core/errors.ts'`],
    ['src/graph/a.ts', `import { x } from '../core/db/index.ts'`],
    ['src/core/db/a.ts', `import { x } from './b.ts'`],
  ])('%s may say %s', (path, statement) => {
    expect(doorViolations(edgesOf(path, statement))).toEqual([]);
  });
});
