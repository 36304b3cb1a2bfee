import type { AgentSettings, VerifierRequest } from './heal-kit.ts';
import type { VerifyFix } from './heal-ports.ts';
import { BaseRuns } from './verify/gates/gate-run.ts';
import { verifyChange } from './verify/verify-change.ts';

export interface VerifierDeps {
  readonly settings: AgentSettings;
  /** Files of a workspace that import one, by its graph; both relative. */
  readonly importersOf: (root: string, path: string) => Promise<readonly string[]>;
}

const MINUTE_MS = 60_000;
/** Type checks and test suites of large workspaces take minutes. */
const GATE_MS = 10 * MINUTE_MS;
const STRENGTH_MS = 5 * MINUTE_MS;
const DEPENDENCY_FIXER = 'lightdom:unused-dependency';

/** What judges the fixes of one run: gates at the base commit are run once for all of them. */
export function createVerifier({ settings, importersOf }: VerifierDeps, { root, limits }: VerifierRequest): VerifyFix {
  const { budgets, runTests, mutants } = settings;
  const baseRuns = new BaseRuns();
  const totalMs = limits?.wallMs ?? budgets.wallMinutes * MINUTE_MS;
  return ({ checkout, target, edits, fixer, seed, signal }) =>
    verifyChange({
      checkout,
      target,
      edits,
      plan: {
        guard: {
          maxFiles: limits?.files ?? budgets.files,
          maxDiffLines: limits?.diffLines ?? budgets.diffLines,
          allowsDependencyRemoval: fixer === DEPENDENCY_FIXER,
        },
        tests: runTests ? 'selected' : 'none',
        importersOf: (path) => importersOf(root, path),
        ...(mutants > 0 && { strength: { maxMutants: mutants, budgetMs: STRENGTH_MS } }),
      },
      budget: { totalMs, gateMs: Math.min(GATE_MS, totalMs) },
      seed,
      baseRuns,
      signal,
    });
}
