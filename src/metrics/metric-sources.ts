/** Where the numbers of a scrape come from. */
export interface MetricSources {
  /** The one query. */
  runs(): Promise<readonly RunFacts[]>;
  /** From memory. */
  services(): readonly ServiceFacts[];
  /** Read from the database, at most once a minute. */
  availability(): Promise<readonly AvailabilityFacts[]>;
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
  /** Of its processes together; undefined for a part of the master. */
  readonly memoryBytes?: number | undefined;
  /** 100 is one processor. */
  readonly cpuPercent?: number | undefined;
}

/** Of a service that was meant to run within the window. */
export interface AvailabilityFacts {
  readonly service: string;
  readonly window: '1h' | '24h';
  readonly ratio: number;
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
