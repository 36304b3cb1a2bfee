/** Where the numbers of a scrape come from. */
export interface MetricSources {
  /** The one query. */
  runs(): Promise<readonly RunFacts[]>;
  /** From memory, as all that follows. */
  services(): readonly ServiceFacts[];
  graph(): GraphFacts;
}

export interface RunFacts {
  readonly kind: string;
  readonly status: string;
  /** A name out of a bounded set. */
  readonly queue: string;
  readonly count: number;
}

export interface ServiceFacts {
  readonly name: string;
  readonly isUp: boolean;
  /** Undefined for one that is not started again by itself. */
  readonly restarts: number | undefined;
}

/** Of the default workspace; a part is absent while it is not known. */
export interface GraphFacts {
  readonly generation?: number | undefined;
  readonly pendingFiles?: number | undefined;
}

export interface StreamFacts {
  readonly open: number;
  readonly dropped: number;
}
