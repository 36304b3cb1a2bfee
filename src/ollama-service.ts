import { answerOf } from './core/bounded-fetch.ts';
import { readEnvironment } from './core/config/index.ts';
import type { LoadedConfig } from './core/config/index.ts';
import { hasProgram } from './core/process/index.ts';
import { planDepsOf } from './service-plan.ts';
import { checkManifest, planServices, unavailableSpec } from './supervisor/supervisor-runtime.ts';
import type { ServiceSpec } from './supervisor/index.ts';

/** A server on this machine refuses or answers at once. */
const LOOK_MS = 300;
const MAX_ANSWER_BYTES = 64 * 1024;
const PROGRAM = 'ollama';

/** The local model server: one that answers is used, else the program is started where it is installed. */
export async function ollamaService(loaded: LoadedConfig): Promise<ServiceSpec[]> {
  const { startup, ollama } = loaded.config.services;
  const { url, enabled } = ollama;
  const entry = {
    command: [PROGRAM, 'serve'],
    env: { OLLAMA_HOST: new URL(url).host },
    attach: true,
    enabled,
    ...(enabled ? {} : { disabledReason: '`services.ollama.enabled` is off' }),
    readiness: { type: 'http', url, periodSeconds: startup.healthCheckInterval / 1000 },
  };
  const specs = planServices(checkManifest({ services: { [PROGRAM]: entry } }, 'the system'), {
    ...planDepsOf(loaded),
    builtIn: [],
  });
  const isThere = !enabled || hasProgram(PROGRAM, readEnvironment()) || (await isAnswering(url));
  if (isThere) return specs;
  const unavailable = `${PROGRAM} is not installed, and nothing answers at ${url}`;
  return specs.map((spec) => unavailableSpec(spec, unavailable));
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const { status } = await answerOf(new URL(url), {
      maxBytes: MAX_ANSWER_BYTES,
      signal: AbortSignal.timeout(LOOK_MS),
    });
    return status < 400;
  } catch {
    return false;
  }
}
