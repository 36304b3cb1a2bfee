import { HEAL_RUN_KIND } from './agent/index.ts';
import type { AgentDaemon } from './agent/index.ts';
import type { AutonomousAgent } from './orchestrator/index.ts';
import { isTerminal } from './runs/index.ts';
import type { RunService } from './runs/index.ts';
import type { ProcessPart } from './supervisor/index.ts';

export interface AutonomousAgentDeps {
  readonly agentDaemon: AgentDaemon;
  readonly runs: RunService;
}

/** The agent as a service: it answers calls, and says what kept it from healing by itself. */
export function agentService(daemon: AgentDaemon): ProcessPart {
  return {
    name: 'agent',
    after: ['runs'],
    start: () => Promise.resolve('heals when it is asked to'),
    stop: () => daemon.stop(),
    problem: () => daemon.problem(),
  };
}

/** The agent as a subsystem: its phase lets it heal by itself. */
export function autonomousAgent({ agentDaemon: daemon, runs }: AutonomousAgentDeps): AutonomousAgent {
  const active = new Set<string>();
  const stopListening = runs.events.on('changed', ({ kind, runId, status }) => {
    if (kind !== HEAL_RUN_KIND) return;
    if (isTerminal(status)) active.delete(runId);
    else active.add(runId);
  });
  return {
    start: () => {
      daemon.start();
      return Promise.resolve('heals at once, and after each interval');
    },
    stop: async () => {
      stopListening();
      await daemon.stop();
    },
    state: () => ({
      isRunning: daemon.isRunning() || active.size > 0,
      // Between two runs it is one that runs all the same.
      active: Math.max(active.size, daemon.isRunning() ? 1 : 0),
      details: { runs: active.size, ...detailsOf(daemon) },
    }),
  };
}

function detailsOf(daemon: AgentDaemon): Record<string, unknown> {
  const facts = { lastRunId: daemon.lastRunId(), nextRunAt: daemon.nextRunAt(), problem: daemon.problem() };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
