import type { RunIsolated } from '../core/process/index.ts';
import type { RecipeScan } from '../fixers/index.ts';
import type { GraphService } from '../graph/index.ts';
import type { FindingSource, SourceReport } from './finding-schema.ts';
import { compilerFindings } from './sources/compiler-findings.ts';
import { BIOME, ESLINT, lintFindings, OXLINT } from './sources/lint-findings.ts';
import { recipeFindings } from './sources/recipe-findings.ts';
import { graphFindings } from './sources/report-findings.ts';
import { testFindings } from './sources/test-findings.ts';

/** What sources need of the rest of the system. */
export interface SourceDeps {
  readonly graph: Pick<GraphService, 'rootOf' | 'findView' | 'report'>;
  /** Layering rules, as `graph_report` takes them. */
  readonly layers: readonly string[];
  /** Shuts in the programs of the workspace; without it they run as its own scripts would. */
  readonly runIsolated?: RunIsolated | undefined;
  /** Matches the recipes of a workspace; without it they are not looked at. */
  readonly recipes?: RecipeScan | undefined;
}

export interface SourceRequest {
  readonly root: string;
  /** Source files of the graph, relative. */
  readonly files: readonly string[];
  /** Whether the tests may be run: they are code of the workspace, and do what they like. */
  readonly tests: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** Every source, as it is asked. */
export function collectSources(
  { graph, layers, runIsolated, recipes }: SourceDeps,
  { root, files, tests, signal, onProgress }: SourceRequest,
): Record<FindingSource, () => Promise<SourceReport>> {
  const lint = { root, signal, runIsolated };
  const onConfig = (done: number, total: number, name: string): void =>
    onProgress(`typescript: ${name} (${done + 1} of ${total})`);
  return {
    graph: () => graphFindings({ graph, root, layers }),
    typescript: () => compilerFindings({ root, files, signal, onConfig, runIsolated }),
    oxlint: () => lintFindings(OXLINT, lint),
    eslint: () => lintFindings(ESLINT, lint),
    biome: () => lintFindings(BIOME, lint),
    recipe: () => recipeFindings(recipes, { root, signal }),
    tests: () => testFindings({ ...lint, isAllowed: tests }),
  };
}
