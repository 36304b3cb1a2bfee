import type { CrashLoop, RestartPolicy } from '../decisions/restart-policy.ts';
import type { ServiceEntry } from './manifest-schema.ts';
import type { Probe } from './probe-schema.ts';

/** What is started for a service: a program without a shell, or something within this process. */
export type Launch =
  | {
      readonly type: 'command';
      readonly file: string;
      readonly args: readonly string[];
      /** An absolute path. */
      readonly cwd: string;
      /** Beside the harmless part of our environment. */
      readonly env: Readonly<Record<string, string>>;
      /** Values that its lines must not show. */
      readonly secrets: readonly string[];
    }
  | { readonly type: 'function'; start(signal: AbortSignal): Promise<InProcess> };

/** A part of this process that is run as a service. */
export interface InProcess {
  /** What or where it is, in a few words. */
  readonly about?: string;
  /** Resolves when it ended, whatever for; rejects when it failed. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

type Settings = Omit<
  ServiceEntry,
  'command' | 'args' | 'cwd' | 'env' | 'startup' | 'readiness' | 'liveness' | 'crashLoop'
>;

/** A service that can be started. */
export interface ServiceSpec extends Readonly<Omit<Settings, 'restart'>> {
  readonly restart: RestartPolicy;
  readonly crashLoop: CrashLoop & { readonly retryMs: number };
  readonly name: string;
  /** Why it can't be run here, whatever anybody wishes. */
  readonly unavailable?: string | undefined;
  /** The system stands on it: it comes and goes with the system alone. */
  readonly isFixed?: boolean;
  readonly launch: Launch;
  readonly startup?: Probe | undefined;
  readonly readiness?: Probe | undefined;
  readonly liveness?: Probe | undefined;
}

/** The same service where it can't be run. */
export function unavailableSpec(spec: ServiceSpec, unavailable: string): ServiceSpec {
  return { ...spec, unavailable };
}
