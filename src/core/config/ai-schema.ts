import { z } from 'zod';
import { keyFacts } from './key-facts.ts';

/** Which model is asked, where, and what it costs. */

const WEB_URL = 'a URL that starts with https:// or http://';

const baseUrl = z.url({ protocol: /^https?$/ });

const maxTokens = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .default(4096)
  .describe('Longest answer of the model, in tokens.');

/** Together they win over the table of known prices; a budget in US dollars needs either. */
const priceShape = {
  priceInput: z
    .number()
    .min(0)
    .max(100_000)
    .optional()
    .describe('US dollars for a million tokens that are sent; with priceOutput it replaces the known price.'),
  priceOutput: z
    .number()
    .min(0)
    .max(100_000)
    .optional()
    .describe('US dollars for a million tokens that are answered; 0 with priceInput 0: a model of your own.'),
};

const deepseekSchema = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('Key of the DeepSeek API; without it no model is asked.')
    .register(keyFacts, { env: 'DEEPSEEK_API_KEY', secret: 'whole', valid: 'text' }),
  baseUrl: baseUrl
    .default('https://api.deepseek.com')
    .describe('Base URL of the API; any server that speaks the same protocol will do.')
    .register(keyFacts, { env: 'DEEPSEEK_BASE_URL', secret: 'url', valid: WEB_URL }),
  model: z
    .string()
    .min(1)
    .default('deepseek-v4-flash')
    .describe('Model that is asked; deepseek-v4-pro is slower and dearer.'),
  maxTokens,
  ...priceShape,
});

const openaiSchema = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('Key of the OpenAI API.')
    .register(keyFacts, { env: 'OPENAI_API_KEY', secret: 'whole', valid: 'text' }),
  baseUrl: baseUrl
    .default('https://api.openai.com/v1')
    .describe('Base URL of the API.')
    .register(keyFacts, { env: 'OPENAI_BASE_URL', secret: 'url', valid: WEB_URL }),
  model: z.string().min(1).default('gpt-4.1-mini').describe('Model that is asked.'),
  maxTokens,
  ...priceShape,
});

const compatibleSchema = z.strictObject({
  baseUrl: baseUrl
    .optional()
    .describe('Base URL of a server that speaks the protocol of OpenAI, such as http://127.0.0.1:11434/v1 of Ollama.')
    .register(keyFacts, { secret: 'url', valid: WEB_URL }),
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('Key of that server, where it wants one.')
    .register(keyFacts, { secret: 'whole', valid: 'text' }),
  model: z.string().min(1).optional().describe('Model that is asked there.'),
  maxTokens,
  jsonSchema: z
    .boolean()
    .default(false)
    .describe('That server holds answers to a JSON schema; otherwise it is only told of it.'),
  ...priceShape,
});

const mockSchema = z.strictObject({
  script: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/)
    .optional()
    .describe('Answers of the provider `mock`, in JSON; for demonstrations and tests.')
    .register(keyFacts, { isPath: true, valid: 'the path of a JSON file' }),
});

export const AI_PROVIDERS = ['auto', 'deepseek', 'openai', 'compatible', 'mock', 'none'] as const;

export const aiSchema = z.strictObject({
  provider: z
    .enum(AI_PROVIDERS)
    .default('auto')
    .describe('Whose model is asked. auto: DeepSeek if its key is set, else OpenAI if its key is set, else none.'),
  deepseek: deepseekSchema,
  openai: openaiSchema,
  compatible: compatibleSchema,
  mock: mockSchema,
});
