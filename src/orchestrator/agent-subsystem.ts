import type { Subsystem } from './subsystem.ts';

/** What the phase needs of the agent. */
export interface AutonomousAgent {
  /** Says in one line what it does from now on. */
  start(): Promise<string>;
  stop(): Promise<void>;
  state(): {
    readonly isRunning: boolean;
    /** Agents that run. */
    readonly active: number;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** The agent as a part of the whole: its phase lets it heal by itself. Asked by a call, it works without that. */
export function agentSubsystem(agent: AutonomousAgent): Subsystem {
  return {
    key: 'agent',
    start: () => agent.start(),
    stop: () => agent.stop(),
    status: () => {
      const { isRunning, details } = agent.state();
      return { state: isRunning ? 'running' : 'initialized', details: { ...details } };
    },
    metrics: () => ({ agentsRunning: agent.state().active }),
  };
}
