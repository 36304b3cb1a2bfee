import type { Config } from '../config/index.ts';
import { AppError } from '../errors.ts';
import { openMockModel } from './mock/open-mock-model.ts';
import type { ChatModel } from './model-call.ts';
import { chooseProfile } from './provider-profile.ts';

/** A model that can be asked until it is closed. */
export interface OpenedModel extends ChatModel {
  /** What the operator should know, a sentence or two each. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * The model that the configuration asks for; undefined where none is. Nothing is sent yet. Throws `not_configured` for a provider that
 * lacks what it needs, and `invalid_input` for a script of `mock` that can't be used.
 */
export async function openModel(ai: Config['ai']): Promise<OpenedModel | undefined> {
  if (ai.provider === 'mock') return openMock(ai.mock.script);
  const chosen = chooseProfile(ai);
  return chosen === undefined ? undefined : { ...chosen, close: async () => undefined };
}

async function openMock(script: string | undefined): Promise<OpenedModel> {
  if (script !== undefined) return openMockModel(script);
  throw new AppError(
    'not_configured',
    'The provider `mock` of `ai.provider` needs `ai.mock.script`, which is not set.',
    {
      hint: 'Set `ai.mock.script` to the path of a script, or `ai.provider` to `none`.',
    },
  );
}
