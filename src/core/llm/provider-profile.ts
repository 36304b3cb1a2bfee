import type { Config } from '../config/index.ts';
import { AppError } from '../errors.ts';
import { findPrice } from './model-price.ts';
import type { ModelPrice } from './model-price.ts';

export const MODEL_PROVIDERS = ['deepseek', 'openai', 'compatible', 'mock'] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

/** What differs between those that speak the protocol of OpenAI. */
export interface ProviderTraits {
  readonly supports: {
    readonly tools: boolean;
    /** Holds arguments of tools and answers to their schema. */
    readonly jsonSchema: boolean;
    /** Knows the request field `thinking`. */
    readonly thinking: boolean;
    /** Tells the usage at the end of a stream when asked. */
    readonly streamUsage: boolean;
  };
  /**
   * What becomes of `reasoning_content` on assistant turns with tool calls: sent back always, until the next turn of the user, or never.
   * DeepSeek answers 400 where it is missing.
   */
  readonly reasoningEcho: 'always' | 'until_user_turn' | 'never';
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
}

/** Whose model is asked, and how. */
export interface ModelProfile extends ProviderTraits {
  readonly provider: ModelProvider;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  /** Longest answer. */
  readonly maxTokens: number;
  readonly price: ModelPrice | undefined;
}

/** A profile, and what the operator should know of it. */
export interface ChosenProfile {
  readonly profile: ModelProfile;
  readonly warnings: readonly string[];
}

export const PROVIDER_TRAITS = {
  deepseek: {
    supports: { tools: true, jsonSchema: false, thinking: true, streamUsage: true },
    reasoningEcho: 'always',
    maxTokensField: 'max_tokens',
  },
  openai: {
    supports: { tools: true, jsonSchema: true, thinking: false, streamUsage: true },
    reasoningEcho: 'never',
    maxTokensField: 'max_completion_tokens',
  },
  compatible: {
    supports: { tools: true, jsonSchema: false, thinking: false, streamUsage: true },
    reasoningEcho: 'never',
    maxTokensField: 'max_tokens',
  },
} as const satisfies Record<string, ProviderTraits>;

/** Ids that DeepSeek no longer serves since 2026-07-24. */
const RETIRED_MODELS: ReadonlySet<string> = new Set(['deepseek-chat', 'deepseek-reasoner', 'deepseek-coder']);
const SUCCESSOR = 'deepseek-v4-flash';

type AiConfig = Config['ai'];

/**
 * The profile that the configuration asks for; undefined where no model is configured. Throws `not_configured` for a provider
 * that is named and lacks what it needs. The provider `mock` is no profile: it needs a server.
 */
export function chooseProfile(ai: AiConfig): ChosenProfile | undefined {
  switch (ai.provider) {
    case 'auto':
      if (ai.deepseek.apiKey !== undefined) return deepseekProfile(ai.deepseek);
      return ai.openai.apiKey === undefined ? undefined : openaiProfile(ai.openai);
    case 'deepseek':
      return deepseekProfile(ai.deepseek);
    case 'openai':
      return openaiProfile(ai.openai);
    case 'compatible':
      return compatibleProfile(ai.compatible);
    case 'mock':
    case 'none':
      return undefined;
  }
}

function deepseekProfile(given: AiConfig['deepseek']): ChosenProfile {
  const isRetired = RETIRED_MODELS.has(given.model);
  const model = isRetired ? SUCCESSOR : given.model;
  const { baseUrl, maxTokens } = given;
  const apiKey = needed(given.apiKey, { provider: 'deepseek', key: 'ai.deepseek.apiKey' });
  const price = findPrice(model, given);
  const profile: ModelProfile = {
    ...PROVIDER_TRAITS.deepseek,
    provider: 'deepseek',
    baseUrl,
    apiKey,
    model,
    maxTokens,
    price,
  };
  const warning =
    `DeepSeek retired \`${given.model}\` on 2026-07-24; \`${SUCCESSOR}\` is asked instead. ` +
    `Set \`ai.deepseek.model\` to \`${SUCCESSOR}\` or \`deepseek-v4-pro\`.`;
  return { profile, warnings: isRetired ? [warning] : [] };
}

function openaiProfile(given: AiConfig['openai']): ChosenProfile {
  const { baseUrl, model, maxTokens } = given;
  const apiKey = needed(given.apiKey, { provider: 'openai', key: 'ai.openai.apiKey' });
  const price = findPrice(model, given);
  const profile: ModelProfile = {
    ...PROVIDER_TRAITS.openai,
    provider: 'openai',
    baseUrl,
    apiKey,
    model,
    maxTokens,
    price,
  };
  return { profile, warnings: [] };
}

function compatibleProfile(given: AiConfig['compatible']): ChosenProfile {
  const traits = PROVIDER_TRAITS.compatible;
  const profile: ModelProfile = {
    ...traits,
    supports: { ...traits.supports, jsonSchema: given.jsonSchema },
    provider: 'compatible',
    baseUrl: needed(given.baseUrl, { provider: 'compatible', key: 'ai.compatible.baseUrl' }),
    apiKey: given.apiKey,
    model: needed(given.model, { provider: 'compatible', key: 'ai.compatible.model' }),
    maxTokens: given.maxTokens,
    price: findPrice('', given),
  };
  return { profile, warnings: [] };
}

function needed(
  value: string | undefined,
  { provider, key }: { readonly provider: string; readonly key: string },
): string {
  if (value !== undefined) return value;
  throw new AppError(
    'not_configured',
    `The provider \`${provider}\` of \`ai.provider\` needs \`${key}\`, which is not set.`,
    {
      hint: `Set \`${key}\`, or \`ai.provider\` to \`none\`.`,
    },
  );
}
