import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { EDGE_KINDS } from '../../../src/graph/graph-schema.ts';
import type { GraphColumns } from '../../../src/graph/graph-schema.ts';
import type { WorkspaceModel } from '../../../src/graph/type-source.ts';
import { extractFolder } from './extract-folder.ts';
import { callsByLanguageService, describeCall } from './language-service-oracle.ts';

/** `shut(…)` of `const { close: shut } = require('./store')`: the service ends its search at `exports.close = close`. */
const UNSEEN_BY_SERVICE = new Set(['packages/legacy/src/index.js:8:3']);

const TRAPS = fileURLToPath(new URL('../../fixtures/traps', import.meta.url));

let workspace: WorkspaceModel;
let columns: GraphColumns;

beforeAll(async () => {
  ({ workspace, columns } = await extractFolder(TRAPS));
});

describe('calls', () => {
  test('are those that the language service finds, none missing and none besides', () => {
    const expected = callsByLanguageService(workspace, columns);
    const found = callsOf(columns);
    for (const call of found) if (UNSEEN_BY_SERVICE.has(call.split(' ')[0] ?? '')) expected.add(call);
    const show = (calls: readonly string[]): string[] => calls.map((call) => describeCall(call, columns)).toSorted();
    expect({
      missing: show([...expected].filter((call) => !found.has(call))),
      besides: show([...found].filter((call) => !expected.has(call))),
    }).toEqual({ missing: [], besides: [] });
    expect(found.size).toBeGreaterThan(150);
  });
});

function callsOf({ edges, files }: GraphColumns): Set<string> {
  const calls = new Set<string>();
  for (let edge = 0; edge < edges.count; edge += 1) {
    const kind = EDGE_KINDS[edges.kind[edge] ?? 0];
    if (kind !== 'calls' && kind !== 'constructs' && kind !== 'renders' && kind !== 'decorates') continue;
    const path = files[edges.file[edge] ?? 0]?.path;
    calls.add(`${path}:${edges.line[edge]}:${edges.column[edge]} -> ${edges.target[edge]}`);
  }
  return calls;
}
