import { messageOf } from '../core/errors.ts';
import type { PhaseReport, SubsystemKey } from './orchestrator-schema.ts';
import type { Subsystem } from './subsystem.ts';

export interface PhaseSwitches {
  /** When off, the core services come up and nothing else starts by itself. */
  readonly autoStart: boolean;
  readonly autoIndex: boolean;
  readonly autoAgent: boolean;
  readonly autoCampaign: boolean;
}

interface Phase {
  readonly number: number;
  readonly title: string;
  readonly key: SubsystemKey;
  /** The configuration keys that must be on. */
  readonly needs: readonly (keyof PhaseSwitches)[];
}

const PHASES: readonly Phase[] = [
  { number: 1, title: 'Core services', key: 'startup', needs: [] },
  { number: 2, title: 'Index codebase', key: 'indexing', needs: ['autoStart', 'autoIndex'] },
  { number: 3, title: 'Campaigns', key: 'campaigns', needs: ['autoStart', 'autoCampaign'] },
  { number: 4, title: 'Autonomous agent', key: 'agent', needs: ['autoStart', 'autoAgent'] },
  { number: 5, title: 'AI models', key: 'tensorflow', needs: ['autoStart'] },
];

export interface PhaseListener {
  reported(report: PhaseReport): void;
  warned(message: string): void;
}

/** The phases of one start and how far it has come. */
export class StartPhases {
  readonly #switches: PhaseSwitches;
  readonly #listener: PhaseListener;
  readonly #reports = new Map<number, PhaseReport>();

  constructor(switches: PhaseSwitches, listener: PhaseListener) {
    this.#switches = switches;
    this.#listener = listener;
  }

  /** The latest report of each phase that has been reached, in their order. */
  reports(): readonly PhaseReport[] {
    return [...this.#reports.values()];
  }

  /** Everything is to be done anew. */
  reset(): void {
    this.#reports.clear();
  }

  /** Runs the phases that are not behind us yet. Rejects with what a phase threw; the next call begins with that phase. */
  async run(subsystems: readonly Subsystem[]): Promise<void> {
    for (const phase of PHASES) {
      const outcome = this.#reports.get(phase.number)?.outcome;
      if (outcome === undefined || outcome === 'failed') await this.#runPhase(phase, subsystems);
    }
  }

  async #runPhase({ number, title, key, needs }: Phase, subsystems: readonly Subsystem[]): Promise<void> {
    const beganMs = performance.now();
    const report = (outcome: PhaseReport['outcome'], detail: string): void => {
      const time = outcome === 'started' ? {} : { durationMs: Math.round(performance.now() - beganMs) };
      const made = { phase: number, title, outcome, detail, ...time };
      this.#reports.set(number, made);
      this.#listener.reported(made);
    };
    const off = needs.find((name) => !this.#switches[name]);
    if (off !== undefined) return report('skipped', `${off} is off`);
    const subsystem = subsystems.find((candidate) => candidate.key === key);
    const { state, reason = 'unavailable' } = subsystem?.status() ?? { state: 'unavailable' };
    if (subsystem === undefined || state === 'unavailable') {
      if (needs.length > 1) this.#listener.warned(`${title}: ${reason}`);
      return report('unavailable', reason);
    }
    report('started', '');
    try {
      report('done', await subsystem.start());
    } catch (error) {
      report('failed', messageOf(error));
      throw error;
    }
  }
}
