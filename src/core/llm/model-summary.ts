import type { Config } from '../config/index.ts';
import { AppError } from '../errors.ts';
import { chooseProfile } from './provider-profile.ts';

/** What is configured of models, without asking any. */
export interface ModelSummary {
  /** `off`: none is; `missing`: one is, and lacks something. */
  readonly state: 'ok' | 'off' | 'missing';
  readonly detail: string;
}

export function summarizeModel(ai: Config['ai']): ModelSummary {
  if (ai.provider === 'mock') {
    const { script } = ai.mock;
    if (script === undefined) return { state: 'missing', detail: 'the provider `mock` needs `ai.mock.script`' };
    return { state: 'ok', detail: `answers of ${script}, for demonstrations` };
  }
  try {
    const chosen = chooseProfile(ai);
    if (chosen === undefined) {
      return { state: 'off', detail: 'none configured (optional; `lightdom secret set ai.deepseek.apiKey`)' };
    }
    const { provider, model, baseUrl, price } = chosen.profile;
    const name = `${provider} ${model} at ${new URL(baseUrl).host}`;
    if (price === undefined) {
      const detail = `${name} has no known price: set \`ai.${provider}.priceInput\` and \`priceOutput\`, 0 for a model of your own`;
      return { state: 'missing', detail };
    }
    const cost = `${price.sent} USD a million tokens sent, ${price.answered} answered (${price.asOf})`;
    return { state: 'ok', detail: [`${name}, ${cost}`, ...chosen.warnings].join('; ') };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: 'missing', detail: error.message };
  }
}
