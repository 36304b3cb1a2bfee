import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../dist/src/core/errors.js';
import { CapabilityNeeded, defineTool } from '../../dist/src/surface/index.js';
import { GIF, SOUND } from './fixture-media.js';

/**
 * The tools that the conformance suite calls by name. What they answer is the suite's; how, is the product's.
 * @typedef {import('../../dist/src/surface/index.js').Tool} Tool
 * @typedef {import('../../dist/src/surface/index.js').ToolContext} ToolContext
 * @typedef {import('../../dist/src/surface/index.js').ContentBlock} ContentBlock
 */

const STEP_MS = 50;

/** @param {string} name @param {string} description */
const described = (name, description) => ({
  name,
  title: name,
  description,
  effect: /** @type {const} */ ('read'),
  idempotent: true,
  openWorld: false,
});

const said = z.object({ said: z.string() });

/**
 * A tool without arguments that answers with text and perhaps with more.
 * @param {string} name
 * @param {string} text
 * @param {readonly ContentBlock[]} [attachments]
 */
function fixedTool(name, text, attachments = []) {
  return defineTool({
    ...described(name, `Answers always the same.`),
    input: z.object({}),
    output: said,
    summary: () => text,
    attachments: () => attachments,
    run: () => Promise.resolve({ said: text }),
  });
}

/**
 * @param {string} name
 * @param {(context: ToolContext) => Promise<string>} work
 */
function workingTool(name, work) {
  return defineTool({
    ...described(name, 'Does what its name says.'),
    input: z.object({}),
    output: said,
    summary: (answer) => answer.said,
    run: async (_input, context) => ({ said: await work(context) }),
  });
}

/** @type {ContentBlock} */
const image = { type: 'image', data: GIF, mimeType: 'image/gif' };

/** @type {readonly Tool[]} */
export const contentTools = [
  fixedTool('test_simple_text', 'This is a simple text response for testing.'),
  fixedTool('test_image_content', '', [image]),
  fixedTool('test_audio_content', '', [{ type: 'audio', data: SOUND, mimeType: 'audio/wav' }]),
  fixedTool('test_embedded_resource', '', [
    {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    },
  ]),
  fixedTool('test_multiple_content_types', 'Multiple content types test:', [
    image,
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: '{"test":"data","value":123}',
      },
    },
  ]),
  defineTool({
    ...described('greet', 'Greets.'),
    input: z.object({ name: z.string().describe('Whom.') }),
    output: said,
    summary: (answer) => answer.said,
    run: ({ name }) => Promise.resolve({ said: `Hello, ${name}!` }),
  }),
  defineTool({
    ...described('test_region', 'Says what it was given; the region also travels in a header.'),
    input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }).describe('Where.') }),
    output: said,
    summary: (answer) => answer.said,
    run: ({ region }) => Promise.resolve({ said: region }),
  }),
];

/** Calls of `test_endless` in this process. */
const endless = { begun: 0, aborted: 0 };

/** @type {readonly Tool[]} */
export const workingTools = [
  workingTool('test_error_handling', () =>
    Promise.reject(new AppError('conflict', 'This tool intentionally returns an error for testing')),
  ),
  workingTool('test_tool_with_logging', async (context) => {
    for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      context.log('info', message);
      await delay(STEP_MS);
    }
    return 'Logged three times.';
  }),
  workingTool('test_logging_tool', (context) => {
    context.log('info', 'It was called.');
    return Promise.resolve('Logged once.');
  }),
  workingTool('test_tool_with_progress', async (context) => {
    for (const done of [0, 50, 100]) {
      context.progress(done, 100, `${done} of 100`);
      await delay(STEP_MS);
    }
    return 'Reported three times.';
  }),
  workingTool('test_reconnection', async (context) => {
    context.releaseStream();
    await delay(STEP_MS * 2);
    return 'Answered after the stream was let go.';
  }),
  workingTool('test_missing_capability', (context) => {
    if (!context.caller.can.sampling) throw new CapabilityNeeded('This needs sampling.', { sampling: {} });
    return Promise.resolve('The caller has sampling.');
  }),
  workingTool('test_endless', async ({ signal }) => {
    endless.begun += 1;
    await once(signal, 'abort');
    endless.aborted += 1;
    return 'Given up.';
  }),
  workingTool('test_counts', () => Promise.resolve(JSON.stringify(endless))),
];
