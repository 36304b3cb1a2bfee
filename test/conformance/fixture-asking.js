import { z } from 'zod';
import { CapabilityNeeded, defineTool } from '../../dist/src/surface/index.js';

/**
 * Tools that ask their caller, for forms, samples and roots.
 * @typedef {import('../../dist/src/surface/index.js').Tool} Tool
 * @typedef {import('../../dist/src/surface/index.js').ToolContext} ToolContext
 * @typedef {import('../../dist/src/surface/index.js').InputRequest} InputRequest
 */

const said = z.object({ said: z.string() });
const object = z.record(z.string(), z.unknown());

/** @param {string} message @param {Record<string, unknown>} properties @param {readonly string[]} [required] @returns {InputRequest} */
export const form = (message, properties, required = Object.keys(properties)) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
});

/** @param {string} text @param {number} maxTokens @returns {InputRequest} */
const sample = (text, maxTokens) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens },
});

/** @type {InputRequest} */
const roots = { method: 'roots/list', params: {} };

const text = { type: 'string' };
/** An answer of any kind is an object. @param {unknown} response */
const isObject = (response) => object.safeParse(response).success;

/**
 * @template {z.ZodObject} I
 * @param {string} name
 * @param {{ input: I, run: (input: z.output<I>, context: ToolContext) => Promise<string> }} work
 * @returns {Tool}
 */
function askingTool(name, { input, run }) {
  return defineTool({
    name,
    title: name,
    description: 'Asks its caller.',
    effect: 'read',
    idempotent: true,
    openWorld: false,
    input,
    output: said,
    summary: (answer) => answer.said,
    run: async (values, context) => ({ said: await run(values, context) }),
  });
}

/** @param {string} name @param {Record<string, InputRequest>} requests @param {(answers: Readonly<Record<string, unknown>>) => string} [say] */
const oneRound = (name, requests, say = (answers) => JSON.stringify(answers)) =>
  askingTool(name, {
    input: z.object({}),
    run: async (_input, context) => say(await context.ask(requests, isObject)),
  });

const answerSchema = z.object({ action: z.string(), content: z.unknown().optional() });

/** A form in which nothing has to be filled in. @param {string} name @param {string} message @param {Record<string, unknown>} properties */
const elicitingTool = (name, message, properties) =>
  oneRound(name, { answer: form(message, properties, []) }, ({ answer }) => {
    const { action, content } = answerSchema.parse(answer);
    return `Elicitation completed: action=${action}, content=${JSON.stringify(content)}`;
  });

const choices = ['option1', 'option2', 'option3'];
const titled = (/** @type {string} */ noun) =>
  ['First', 'Second', 'Third'].map((nth, at) => ({ const: `value${at + 1}`, title: `${nth} ${noun}` }));

const sampleSchema = z.object({ content: z.object({ text: z.string() }) });

/** @type {readonly Tool[]} */
export const askingTools = [
  askingTool('test_sampling', {
    input: z.object({ prompt: z.string().describe('What to ask.') }),
    run: async ({ prompt }, context) => {
      if (!context.caller.can.sampling) throw new CapabilityNeeded('This needs sampling.', { sampling: {} });
      const { answer } = await context.ask({ answer: sample(prompt, 100) }, isObject);
      return `LLM response: ${sampleSchema.parse(answer).content.text}`;
    },
  }),
  askingTool('test_elicitation', {
    input: z.object({ message: z.string().describe('What to ask.') }),
    run: async ({ message }, context) => {
      const properties = {
        username: { ...text, description: "User's response" },
        email: { ...text, description: "User's email address" },
      };
      const { answer } = await context.ask({ answer: form(message, properties) }, isObject);
      return `User response: ${JSON.stringify(answer)}`;
    },
  }),
  elicitingTool('test_elicitation_sep1034_defaults', 'Please look these over.', {
    name: { ...text, default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { ...text, enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  }),
  elicitingTool('test_elicitation_sep1330_enums', 'Please choose.', {
    untitledSingle: { ...text, enum: choices },
    titledSingle: { ...text, oneOf: titled('Option') },
    legacyEnum: { ...text, enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { ...text, enum: choices } },
    titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
  }),
  oneRound('test_streaming_elicitation', { answer: form('Go on?', { ok: { type: 'boolean' } }) }),
  oneRound('test_input_required_result_elicitation', { user_name: form('What is your name?', { name: text }) }),
  oneRound('test_input_required_result_sampling', { capital_question: sample('What is the capital of France?', 100) }),
  oneRound('test_input_required_result_list_roots', { client_roots: roots }),
  oneRound(
    'test_input_required_result_request_state',
    { confirm: form('Please confirm', { ok: { type: 'boolean' } }) },
    () => 'state-ok',
  ),
  oneRound('test_input_required_result_tampered_state', {
    confirm: form('Please confirm', { ok: { type: 'boolean' } }),
  }),
  oneRound('test_input_required_result_multiple_inputs', {
    user_name: form('What is your name?', { name: text }),
    greeting: sample('Generate a greeting', 50),
    client_roots: roots,
  }),
  askingTool('test_input_required_result_multi_round', {
    input: z.object({}),
    run: async (_input, context) => {
      const { step1 } = await context.ask({ step1: form('Step 1: What is your name?', { name: text }) }, isObject);
      const { step2 } = await context.ask(
        { step2: form('Step 2: What is your favorite color?', { color: text }) },
        isObject,
      );
      return JSON.stringify([step1, step2]);
    },
  }),
  askingTool('test_input_required_result_capabilities', {
    input: z.object({}),
    run: async (_input, context) => {
      const { caller } = context;
      const requests = {
        ...(caller.can.form ? { user_name: form('What is your name?', { name: text }) } : {}),
        ...(caller.can.sampling ? { greeting: sample('Generate a greeting', 50) } : {}),
      };
      return JSON.stringify(await context.ask(requests, isObject));
    },
  }),
];
