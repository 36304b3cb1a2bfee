import { z } from 'zod';
import { readBoundedText } from '../../config/index.ts';
import { AppError, messageOf } from '../../errors.ts';
import { PROVIDER_TRAITS } from '../provider-profile.ts';
import type { ModelProfile } from '../provider-profile.ts';
import { MockModelServer } from './mock-model-server.ts';
import { mockScriptSchema } from './mock-script.ts';
import type { MockScript } from './mock-script.ts';

/** A model that plays a script, with the server that it plays on. */
export interface MockModel {
  readonly profile: ModelProfile;
  readonly warnings: readonly string[];
  readonly server: MockModelServer;
  close(): Promise<void>;
}

const MAX_SCRIPT_BYTES = 16 * 1024 * 1024;

/** Starts the model that a script file describes. Throws `invalid_input` for one that can't be read or has another form. */
export async function openMockModel(file: string): Promise<MockModel> {
  const text = readBoundedText(file, { what: 'The script of the model `mock`', maxBytes: MAX_SCRIPT_BYTES });
  const server = await MockModelServer.start(parseScript(text, file));
  const warning = `The model \`mock\` plays the script ${file}: nothing that it says was thought of by a model.`;
  return { profile: mockProfile(server), warnings: [warning], server, close: () => server.close() };
}

export function mockProfile({ script, baseUrl }: MockModelServer): ModelProfile {
  const { like, model, maxTokens, price } = script;
  return {
    ...PROVIDER_TRAITS[like],
    provider: 'mock',
    baseUrl,
    apiKey: undefined,
    model,
    maxTokens,
    price: price === undefined ? undefined : { ...price, asOf: 'script' },
  };
}

function parseScript(text: string, file: string): MockScript {
  const problem = (why: string): AppError =>
    new AppError('invalid_input', `The script of the model \`mock\`, ${file}, can't be used: ${why}`, {
      hint: 'It is a JSON object whose `steps` each hold a `message`, `toolCalls`, a `status` or a `fault`.',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw problem(messageOf(error));
  }
  const parsed = mockScriptSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw problem(z.prettifyError(parsed.error));
}
