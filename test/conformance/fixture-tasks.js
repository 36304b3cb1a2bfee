import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../dist/src/core/errors.js';
import { runSchema } from '../../dist/src/runs/index.js';
import { askForm, defineTool } from '../../dist/src/surface/index.js';

/**
 * Tools whose work is a run, and the kinds of these runs.
 * @typedef {import('../../dist/src/surface/index.js').Tool} Tool
 * @typedef {import('../../dist/src/surface/index.js').ToolContext} ToolContext
 * @typedef {import('../../dist/src/runs/index.js').RunService} RunService
 * @typedef {import('../../dist/src/runs/index.js').RunContext} RunContext
 */

const FAILS_AFTER_MS = 1_000;

/**
 * @template {z.ZodObject} I
 * @param {string} name
 * @param {{ input: I, task?: 'optional' | 'required', prepare?: (input: z.output<I>, context: ToolContext) => Promise<unknown> }} options
 * @returns {Tool}
 */
function taskTool(name, { input, task = 'optional', prepare = (values) => Promise.resolve(values) }) {
  return defineTool({
    name,
    title: name,
    description: 'Starts a run.',
    effect: 'write',
    idempotent: false,
    openWorld: false,
    task,
    input,
    output: z.object({ run: runSchema }),
    run: async (values, context) => ({
      run: await context.services.runs.start(name, await prepare(values, context)),
    }),
  });
}

const noInput = z.object({});
const computeInput = z.object({ seconds: z.number().min(0).max(60), label: z.string().default('') });
const fileInput = z.object({ filename: z.string() });
const nameFields = z.object({ name: z.string() });

/** @type {readonly Tool[]} */
export const taskTools = [
  taskTool('slow_compute', { input: computeInput }),
  taskTool('failing_job', { input: noInput, task: 'required' }),
  taskTool('protocol_error_job', { input: noInput }),
  taskTool('confirm_delete', { input: fileInput }),
  taskTool('multi_input', { input: noInput }),
  taskTool('test_tool_with_task', {
    input: noInput,
    task: 'required',
    prepare: async (_input, context) => {
      const answer = await askForm(context, { key: 'user_name', message: 'What is your name?', fields: nameFields });
      return { name: answer.action === 'accept' ? answer.content.name : 'nobody' };
    },
  }),
];

/**
 * @template I
 * @param {RunService} runs
 * @param {string} kind
 * @param {{ input: z.ZodType<I>, execute: (input: I, context: RunContext) => Promise<Record<string, unknown>> }} work
 */
const register = (runs, kind, { input, execute }) => runs.register({ kind, input, title: () => kind, execute });

/** @param {RunService} runs */
export function registerTaskRuns(runs) {
  register(runs, 'slow_compute', {
    input: computeInput,
    execute: async ({ seconds, label }, { signal }) => {
      await delay(seconds * 1_000, undefined, { signal });
      return { label };
    },
  });
  register(runs, 'failing_job', {
    input: noInput,
    execute: async (_input, { signal }) => {
      await delay(FAILS_AFTER_MS, undefined, { signal });
      throw new AppError('upstream_failed', 'The job failed, as it always does.');
    },
  });
  register(runs, 'protocol_error_job', {
    input: noInput,
    execute: () => Promise.reject(new Error('What nobody expects.')),
  });
  register(runs, 'confirm_delete', {
    input: fileInput,
    execute: async ({ filename }, context) =>
      context.ask({ confirm: { message: `Delete ${filename}?`, fields: z.object({ confirm: z.boolean() }) } }),
  });
  register(runs, 'multi_input', {
    input: noInput,
    execute: async (_input, context) =>
      context.ask({
        first: { message: 'What is your name?', fields: nameFields },
        second: { message: 'And your other name?', fields: nameFields },
      }),
  });
  register(runs, 'test_tool_with_task', { input: nameFields, execute: ({ name }) => Promise.resolve({ name }) });
}
