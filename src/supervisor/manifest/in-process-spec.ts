import { serviceSchema } from './manifest-schema.ts';
import type { ServiceSpec } from './service-spec.ts';

/** A part of this process that is run as a service. */
export interface ProcessPart {
  readonly name: string;
  /** Those that must have been started before. */
  readonly after?: readonly string[];
  readonly isCritical?: boolean;
  /** See `ServiceSpec`. */
  readonly isFixed?: boolean;
  readonly unavailable?: string | undefined;
  /** Says in a few words what or where it is. */
  start(signal: AbortSignal): Promise<string>;
  stop(): Promise<void>;
  /** What is wrong with it now; undefined when it is well. */
  problem(): string | undefined;
}

/** A look at a part costs next to nothing: it answers from memory. */
const LOOK_SECONDS = 0.25;
const EXITS = 4;

/** A part that fails to start stays failed: whoever starts the whole is told, and decides. */
export function inProcessSpec(part: ProcessPart): ServiceSpec {
  const { name, after = [], isCritical = false, isFixed = false, unavailable } = part;
  const {
    command: _command,
    args: _args,
    cwd: _cwd,
    env: _env,
    crashLoop,
    ...settings
  } = serviceSchema.parse({
    command: name,
    critical: isCritical,
    dependsOn: Object.fromEntries(after.map((other) => [other, {}])),
  });
  return {
    ...settings,
    name,
    isFixed,
    unavailable,
    restart: 'never',
    crashLoop: { ...crashLoop, exits: EXITS },
    launch: { type: 'function', start: (signal) => startPart(part, signal) },
    startup: undefined,
    readiness: {
      type: 'function',
      initialDelaySeconds: 0,
      periodSeconds: LOOK_SECONDS,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 1,
      check: (): Promise<void> => {
        const problem = part.problem();
        return problem === undefined ? Promise.resolve() : Promise.reject(new Error(problem));
      },
    },
    liveness: undefined,
  };
}

async function startPart(part: ProcessPart, signal: AbortSignal) {
  const about = await part.start(signal);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stop = async (): Promise<void> => {
    try {
      await part.stop();
    } finally {
      end();
    }
  };
  return { about, ended, stop };
}
