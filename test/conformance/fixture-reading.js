import { z } from 'zod';
import { definePrompt, defineResource } from '../../dist/src/surface/index.js';
import { form } from './fixture-asking.js';
import { GIF } from './fixture-media.js';

/**
 * Resources and prompts that the conformance suite reads.
 * @typedef {import('../../dist/src/surface/index.js').Prompt} Prompt
 * @typedef {import('../../dist/src/surface/index.js').Resource} Resource
 */

/** @param {string} uri @param {string} mimeType @param {(variables: Readonly<Record<string, string>>) => { text: string } | { blob: string }} read */
const resource = (uri, mimeType, read) =>
  defineResource({
    uri,
    name: uri.slice('test://'.length).replaceAll(/\W+/g, '_'),
    title: uri,
    description: 'Answers always the same.',
    mimeType,
    read: (variables) => Promise.resolve({ mimeType, ...read(variables) }),
  });

/** @type {readonly Resource[]} */
export const resources = [
  resource('test://static-text', 'text/plain', () => ({ text: 'This is the content of the static text resource.' })),
  resource('test://static-binary', 'image/gif', () => ({ blob: GIF })),
  resource('test://watched-resource', 'text/plain', () => ({ text: 'Watched.' })),
  resource('test://template/{id}/data', 'application/json', ({ id }) => ({
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  })),
];

const described = (/** @type {string} */ name) => ({ name, title: name, description: 'Answers always the same.' });
const user = /** @type {const} */ ('user');
/** @param {string} text */
const message = (text) => ({ role: user, content: { type: /** @type {const} */ ('text'), text } });

/** @type {readonly Prompt[]} */
export const prompts = [
  definePrompt({
    ...described('test_simple_prompt'),
    args: z.object({}),
    render: () => 'This is a simple prompt for testing.',
  }),
  definePrompt({
    ...described('test_prompt_with_arguments'),
    args: z.object({
      arg1: z.string().describe('First test argument'),
      arg2: z.string().describe('Second test argument'),
    }),
    render: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  }),
  definePrompt({
    ...described('test_prompt_with_embedded_resource'),
    args: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
    render: ({ resourceUri: uri }) => [
      {
        role: user,
        content: {
          type: 'resource',
          resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
      },
      message('Please process the embedded resource above.'),
    ],
  }),
  definePrompt({
    ...described('test_prompt_with_image'),
    args: z.object({}),
    render: () => [
      { role: user, content: { type: 'image', data: GIF, mimeType: 'image/gif' } },
      message('Please analyze the image above.'),
    ],
  }),
  definePrompt({
    ...described('test_input_required_result_prompt'),
    args: z.object({}),
    render: async (_args, context) => {
      const question = form('What context should the prompt use?', { context: { type: 'string' } });
      const answers = await context.ask({ user_context: question });
      return JSON.stringify(answers);
    },
  }),
];
