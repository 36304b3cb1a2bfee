export interface Limits {
  readonly memoryMb?: number | undefined;
  readonly cpuPercent?: number | undefined;
  readonly samples: number;
}

export interface Sample {
  readonly memoryBytes: number;
  readonly cpuPercent: number | undefined;
}

/** Counts samples in a row that are over a limit. */
export class LimitWatch {
  readonly #limits: Limits;
  #over = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** What is exceeded, once it has been in as many samples in a row as the limits say. */
  count(sample: Sample): string | undefined {
    const excess = this.#excessOf(sample);
    this.#over = excess === undefined ? 0 : this.#over + 1;
    if (excess === undefined || this.#over < this.#limits.samples) return undefined;
    this.#over = 0;
    return excess;
  }

  #excessOf({ memoryBytes, cpuPercent }: Sample): string | undefined {
    const { memoryMb, cpuPercent: most } = this.#limits;
    const usedMb = Math.round(memoryBytes / 1024 / 1024);
    if (memoryMb !== undefined && usedMb > memoryMb) return `it takes ${usedMb} MB of memory, more than ${memoryMb}`;
    if (most === undefined || cpuPercent === undefined || cpuPercent <= most) return undefined;
    return `it takes ${Math.round(cpuPercent)} % of a processor, more than ${most}`;
  }
}
