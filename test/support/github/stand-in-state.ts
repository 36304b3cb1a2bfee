/** What the stand-in of GitHub knows besides what its repositories say themselves. */

export interface Comment {
  readonly id: number;
  readonly user: string;
  body: string;
  readonly createdAt: string;
}

export interface Review {
  readonly user: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly association: 'OWNER' | 'MEMBER' | 'COLLABORATOR' | 'NONE';
}

/** An issue, or a pull request, which is one too. */
export interface Ticket {
  readonly number: number;
  readonly user: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly createdAt: string;
  closedAt: string | undefined;
  readonly labels: Set<string>;
  readonly comments: Comment[];
  pull: Pull | undefined;
}

export interface Pull {
  readonly headOwner: string;
  /** Key of the repository of the head. */
  readonly headRepository: string;
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
  mergedAt: string | undefined;
  mergedBy: string | undefined;
  mergeCommit: string | undefined;
  readonly reviews: Review[];
}

export interface CheckRun {
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | null;
}

export interface CommitStatus {
  readonly context: string;
  readonly state: 'success' | 'failure' | 'error' | 'pending';
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly gitDir: string;
  readonly defaultBranch: string;
  /** Key of what it was forked from. */
  readonly parent: string | undefined;
  readonly tickets: Ticket[];
  readonly labels: Set<string>;
  readonly checkRuns: Map<string, readonly CheckRun[]>;
  readonly statuses: Map<string, readonly CommitStatus[]>;
  isArchived: boolean;
  isPrivate: boolean;
  /** Whether those who don't own it may push to it. */
  isOpenToPush: boolean;
  hasDrafts: boolean;
  hasIssues: boolean;
  mayLabel: boolean;
  /** Looks at its branches that are answered with 404, as for a fork that is being made. */
  unreadyLooks: number;
  /** Says of every open pull request that it conflicts. */
  saysConflicts: boolean;
}

/** What the next requests meet in place of an answer. */
export interface Fault {
  times: number;
  readonly method: string | undefined;
  /** Part of the path. */
  readonly path: string | undefined;
  readonly kind: 'answer' | 'reset' | 'hang' | 'lost';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Without that of authorization. */
  readonly headers: string;
  readonly hasAuthorization: boolean;
  readonly body: string;
  readonly status: number;
}

export interface Hub {
  readonly root: string;
  /** Tokens and whose they are. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly repositories: Map<string, Repository>;
  /** Former names and the present ones. */
  readonly renamed: Map<string, string>;
  readonly faults: Fault[];
  readonly seen: SeenRequest[];
  nextId: number;
}

export function keyOf(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

export function takeId(hub: Hub): number {
  hub.nextId += 1;
  return hub.nextId;
}
