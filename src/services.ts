import type { AgentService } from './agent/index.ts';
import type { FindingService } from './findings/index.ts';
import type { GitService } from './git/index.ts';
import type { GraphChanges, GraphNotes, GraphService } from './graph/index.ts';
import type { Orchestrator } from './orchestrator/index.ts';
import type { RunService } from './runs/index.ts';
import type { SecretService } from './secrets/index.ts';
import type { SupervisorService } from './supervisor/index.ts';

/** The whole system as tools, resources and servers see it. */
export interface Services {
  readonly orchestrator: Orchestrator;
  readonly runs: RunService;
  readonly graph: GraphService;
  readonly changes: GraphChanges;
  readonly git: GitService;
  readonly notes: GraphNotes;
  readonly findings: FindingService;
  readonly agent: AgentService;
  readonly secrets: SecretService;
  readonly supervisor: SupervisorService;
  /** Begins the graceful stop of the process a moment later: who has asked for it gets an answer first. */
  requestStop(): void;
}
