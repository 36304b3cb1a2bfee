import { move } from 'piscina';
import { drillRows, drillSum } from './drill-task.ts';
import type { DrillTask } from './drill-task.ts';

/** The computing of a drill, on a thread of its own: the thread that beats for the worker must stay free. */
export function makeRows(task: DrillTask): unknown {
  const rows = drillRows(task);
  // The writer's buffer is larger; only what was written is sent.
  const exact = rows.slice();
  return move(exact);
}

export function sumValues({ seed, count }: DrillTask): string {
  return drillSum(seed, count);
}
