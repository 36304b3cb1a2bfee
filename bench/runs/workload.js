/**
 * What is done by every engine, in the same way for each: how often and in which pieces.
 *
 * @typedef {object} Batches
 * @property {number} operations
 * @property {number} seed of the values
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {readonly string[]} schemas of its tables
 * @property {(url: string) => Promise<Sender>} open makes its tables in an empty database
 * @property {(request: WorkerRequest) => import('./children.js').ChildSpec} worker
 *
 * @typedef {object} WorkerRequest
 * @property {string} url
 * @property {string} folder for files of the worker
 * @property {Task} task
 * @property {Store} store
 *
 * @typedef {object} Sender puts work in and looks how far it is, from this process
 * @property {(batches: Batches, store: Store) => Promise<BatchTarget>} sendBatches
 * @property {(chains: number, steps: number) => Promise<void>} sendChains
 * @property {(count: number) => Promise<void>} sendTiny one by one
 * @property {() => Promise<boolean>} isDone whether all that was sent has ended; throws when some of it has failed
 * @property {() => Promise<void>} close
 *
 * @typedef {object} BatchTarget
 * @property {string} table of the rows, qualified
 * @property {() => Promise<{ seconds: number } | undefined>} report the engine's own figure, if it has one
 */

/**
 * How a job stores its rows. `plain`: COPY, and a job that is repeated stores them again. `key`: by way of a temporary
 * table into one with a unique key, on conflict do nothing. `joined`: COPY in one transaction with the record that the
 * job is done.
 * @typedef {'plain' | 'key' | 'joined'} Store
 */

/** @typedef {'batches' | 'chains' | 'tiny'} Task */

/** Operations that a peer's job does: the largest batch of LightDom, which adapts its own between 1,000 and that. */
export const JOB_OPERATIONS = 10_000;

/** Parts into which LightDom divides a drill. */
export const CHUNKS = 16;

/** Jobs that one worker process does at a time, in the batches: LightDom's default. */
export const BATCH_CONCURRENCY = 2;

export const CHAINS = 10;
export const STEPS = 500;
export const TINY_RUNS = 1_000;

/** Where the peers store their rows. */
export const RESULTS = 'bench.results';

/**
 * The ranges that make up the operations.
 * @param {Batches} batches
 */
export function jobsOf({ operations, seed }) {
  const jobs = [];
  for (let from = 0; from < operations; from += JOB_OPERATIONS) {
    jobs.push({ seed, from, count: Math.min(JOB_OPERATIONS, operations - from) });
  }
  return jobs;
}
