import type { Config } from '../core/config/index.ts';
import type { FindingService } from '../findings/index.ts';
import type { RunService } from '../runs/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { FixHosting } from './fix-hosting.ts';
import type { HealRunInput } from './heal-input.ts';
import type { FixSource, PatchModel, VerifyFix } from './heal-ports.ts';
import type { HealSession, HealSessionDeps } from './heal-session.ts';
import type { OutcomeStore } from './outcome-store.ts';
import type { PullRequestStore } from './pull-request-store.ts';
import type { TranscriptStore } from './transcript-store.ts';

export type AgentSettings = Config['services']['agent'];

/** What the runs of the agent work with. */
export interface HealKit extends HealSessionDeps {
  readonly findings: Pick<FindingService, 'collectWithin' | 'listOpen'>;
  readonly runs: Pick<RunService, 'get'>;
  readonly tasks: AgentStore;
  readonly attempts: AttemptStore;
  readonly transcripts: TranscriptStore;
  readonly outcomes: OutcomeStore;
  readonly pullRequests: PullRequestStore;
  readonly fixers: FixSource;
  /** Asked where no fixer mends it; absent where none is configured. */
  readonly model: PatchModel | undefined;
  readonly hosting: FixHosting;
  readonly settings: AgentSettings;
  /** One for a run: what was seen at the base commit is seen once. */
  verifierFor(request: VerifierRequest): VerifyFix;
  now(): number;
}

export interface VerifierRequest {
  readonly root: string;
  readonly session: HealSession;
  readonly limits: HealRunInput['budget'];
}
