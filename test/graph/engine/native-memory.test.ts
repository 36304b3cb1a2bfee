import { describe, expect, it } from 'vitest';
import { nativeMemory } from '../../../src/graph/engine/native-memory.ts';
import type { GraphFile } from '../../../src/graph/graph-schema.ts';

const FILE: GraphFile = {
  path: 'a.ts',
  state: 'typed',
  note: '',
  lines: 0,
  hash: '',
  bytes: 0,
  modifiedMs: 0,
  unresolved: 0,
};

/** A workspace of so many thousand lines. */
function workspaceOf(kloc: number): Parameters<typeof nativeMemory>[0] {
  return { root: '/w', projects: [], warnings: [], files: [{ ...FILE, lines: kloc * 1000 }] };
}

/** So little that any machine has it free. */
const MEMORY_MB = 200;

describe('memory of the native compiler', () => {
  it('is not collected where it ends with one pass that has room for all', () => {
    expect(nativeMemory(workspaceOf(10), { memoryMb: MEMORY_MB, isOnePass: true }).GOGC).toBe('off');
    expect(nativeMemory(workspaceOf(11), { memoryMb: MEMORY_MB, isOnePass: true }).GOGC).toBe('200');
  });

  it('is collected by one that stays, seldom where there is room', () => {
    expect(nativeMemory(workspaceOf(10), { memoryMb: MEMORY_MB }).GOGC).toBe('200');
    expect(nativeMemory(workspaceOf(34), { memoryMb: MEMORY_MB }).GOGC).toBe('100');
  });

  it('has a limit whatever is collected, and room to start below it', () => {
    expect(nativeMemory(workspaceOf(1), { memoryMb: MEMORY_MB, isOnePass: true }).GOMEMLIMIT).toBe('200MiB');
    expect(nativeMemory(workspaceOf(1), { memoryMb: 1 }).GOMEMLIMIT).toBe('128MiB');
  });
});
