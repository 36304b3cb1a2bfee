import type {
  Change,
  Effect,
  Machine,
  MachineEvent,
  MachineRules,
} from '../../../src/supervisor/decisions/machine-step.ts';
import { advance, newMachine } from '../../../src/supervisor/decisions/service-machine.ts';

export const RULES: MachineRules = {
  restart: 'unless-stopped',
  backoff: { initialMs: 200, maxMs: 30_000, resetAfterMs: 60_000 },
  crashLoop: { exits: 5, withinMs: 60_000, retryMs: 300_000 },
  oneShot: false,
  hasStartup: false,
  hasReadiness: false,
};

/** A machine that is told one event after another. */
export class DrivenMachine {
  readonly changes: Change[] = [];
  readonly #rules: MachineRules;
  readonly #random: () => number;
  machine: Machine = newMachine();

  constructor(rules: Partial<MachineRules> = {}, random: () => number = () => 0.5) {
    this.#rules = { ...RULES, ...rules };
    this.#random = random;
  }

  tell(type: MachineEvent['type'], atMs: number, more: Partial<MachineEvent> = {}): readonly Effect[] {
    const event = { type, atMs, reason: type, ...more };
    const step = advance(this.machine, event, { rules: this.#rules, random: this.#random });
    this.machine = step.machine;
    this.changes.push(...step.changes);
    return step.effects;
  }

  get way(): string[] {
    return this.changes.map(({ to }) => to);
  }
}
