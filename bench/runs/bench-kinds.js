import { z } from 'zod';

/** @typedef {import('../../dist/src/runs/index.js').RunService} RunService */

const nothing = z.object({});
const stepsInput = z.object({ steps: z.number() });

/**
 * The kinds of runs that the bench adds to those of the product.
 * @param {RunService} runs
 * @param {() => void} onBegin called whenever a run begins
 */
export function registerBenchKinds(runs, onBegin) {
  runs.register({
    kind: 'bench_steps',
    input: stepsInput,
    title: ({ steps }) => `${steps} steps`,
    execute: async ({ steps }, context) => {
      onBegin();
      for (let step = 0; step < steps; step += 1) await context.step('step', async () => step);
      return {};
    },
  });
  runs.register({
    kind: 'bench_tiny',
    input: nothing,
    title: () => 'nothing',
    execute: async () => {
      onBegin();
      return {};
    },
  });
}
