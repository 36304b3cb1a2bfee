import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { globSync } from 'tinyglobby';
import { readSourceFacts } from './source-facts.ts';
import type { SourceFacts } from './source-facts.ts';

/** An import between two files of the repository. */
export interface FileEdge {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** Reads every source file below the folders; fixtures are other people's code. */
export function readSources(root: string, folders: readonly string[]): SourceFacts[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx,js}`),
    { cwd: root, ignore: ['test/fixtures/**'] },
  )
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => readSourceFacts(path, readFileSync(posix.join(root, path), 'utf8')));
}

/** Relative imports, resolved by the text of the path alone. */
export function fileEdges(sources: readonly SourceFacts[]): FileEdge[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((fact) => fact.specifier.startsWith('.'))
      .map((fact) => ({
        from: source.path,
        to: posix.join(posix.dirname(source.path), fact.specifier),
        isTypeOnly: fact.isTypeOnly,
        line: fact.line,
      })),
  );
}

/** Cycles in a directed graph, each once, as the way round: `['a', 'b', 'a']`. */
export function findCycles(edges: readonly { readonly from: string; readonly to: string }[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const edge of edges) targets.set(edge.from, [...(targets.get(edge.from) ?? []), edge.to]);
  const finished = new Set<string>();
  const cycles: string[][] = [];
  const visit = (node: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(node);
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), node]);
      return;
    }
    if (finished.has(node)) return;
    for (const target of targets.get(node) ?? []) visit(target, [...trail, node]);
    finished.add(node);
  };
  for (const node of targets.keys()) visit(node, []);
  return cycles;
}
