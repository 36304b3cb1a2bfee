import { createHash } from 'node:crypto';
import { childEnvironment } from '../core/config/index.ts';
import { AppError, messageOf } from '../core/errors.ts';
import type { ProcessIdentity } from '../core/process-identity.ts';
import { adoptGroup, describeStartFailure, findPortHolder, isPortTaken, startGroup } from '../core/process/index.ts';
import type { EndOptions, GroupExit, OutputStream } from '../core/process/index.ts';
import type { InProcess, Launch, ServiceSpec } from './manifest/service-spec.ts';
import { ask } from './probes/watch-probe.ts';
import type { ProbeTarget } from './probes/run-probe.ts';

/** Something that runs for a service. */
export interface HeldService {
  /** How it came to us, in a few words. */
  readonly how: string;
  /** What or where it is, if it has told. */
  readonly about?: string | undefined;
  /** Undefined for what is no process of ours. */
  readonly process: ProcessIdentity | undefined;
  readonly isAttached: boolean;
  readonly exited: Promise<GroupExit>;
  /** Ends it with all that it started; what is not ours is let go. */
  end(options: EndOptions): Promise<void>;
  /** Lets it live on without us. */
  release(): void;
}

export interface HoldOptions {
  readonly spec: ServiceSpec;
  readonly target: ProbeTarget;
  /** Where the pipes of its output are made. */
  readonly pipePath: string;
  /** Of the supervisor; see `markOf`. */
  readonly supervisorId: string;
  /** A process from before that runs already. */
  readonly adopted: ProcessIdentity | undefined;
  readonly signal: AbortSignal;
  onLine(stream: OutputStream, line: string): void;
}

/** A failure to start; another attempt may end the same way. */
export class LaunchFailure extends Error {
  readonly isFinal: boolean;

  constructor(reason: string, isFinal: boolean) {
    super(reason);
    this.name = 'LaunchFailure';
    this.isFinal = isFinal;
  }
}

/** In the environment of each process that we start: by it a later supervisor knows what is its own. */
export const MARK_VARIABLE = 'LIGHTDOM_SERVICE';

/** The last part differs for another program, folder or environment. */
export function markOf(supervisorId: string, { name, launch }: Pick<ServiceSpec, 'name' | 'launch'>): string {
  const hash = createHash('sha256').update(JSON.stringify(launch)).digest('hex').slice(0, 16);
  return `${supervisorId}/${name}/${hash}`;
}

/** Starts the service, or takes what is there already. Throws {@link LaunchFailure}. */
export async function holdService(options: HoldOptions): Promise<HeldService> {
  const { spec, adopted, target, signal } = options;
  const { launch, readiness } = spec;
  if (adopted !== undefined) {
    const group = adoptGroup(adopted, options);
    if (group !== undefined) return { ...group, how: 'adopted', process: adopted, isAttached: false };
  }
  if (spec.attach && readiness !== undefined && (await ask(readiness, target, signal)) === undefined) return attached();
  await refuseTakenPorts(spec);
  if (signal.aborted) throw new LaunchFailure('it was stopped before it was started', false);
  return launch.type === 'function' ? startInProcess(launch, signal) : startProgram(launch, options);
}

async function startProgram(launch: Extract<Launch, { type: 'command' }>, options: HoldOptions): Promise<HeldService> {
  const { file, args, cwd } = launch;
  const { spec, supervisorId } = options;
  const env = childEnvironment({ ...launch.env, [MARK_VARIABLE]: markOf(supervisorId, spec) });
  try {
    const group = await startGroup(file, args, { ...options, cwd, env });
    return { ...group, how: `started as process ${group.identity.pid}`, process: group.identity, isAttached: false };
  } catch (error) {
    const { reason, isFinal } = describeStartFailure(file, error);
    throw new LaunchFailure(reason, isFinal);
  }
}

async function startInProcess(
  launch: Extract<Launch, { type: 'function' }>,
  signal: AbortSignal,
): Promise<HeldService> {
  let part: InProcess;
  try {
    part = await launch.start(signal);
  } catch (error) {
    throw new LaunchFailure(messageOf(error), error instanceof AppError && error.code === 'not_configured');
  }
  const exited = part.ended.then(
    () => ({ how: 'ended', isSuccess: true }),
    (error: unknown) => ({ how: messageOf(error), isSuccess: false }),
  );
  return {
    how: 'started in this process',
    about: part.about,
    process: undefined,
    isAttached: false,
    exited,
    end: async () => {
      await part.stop();
      await exited;
    },
    release: () => {},
  };
}

function attached(): HeldService {
  let letGo = (_exit: GroupExit): void => {};
  const exited = new Promise<GroupExit>((resolve) => {
    letGo = resolve;
  });
  const end = async (): Promise<void> => letGo({ how: 'let go', isSuccess: false });
  return {
    how: 'attached to what was there already',
    process: undefined,
    isAttached: true,
    exited,
    end,
    release: () => {},
  };
}

async function refuseTakenPorts({ ports }: ServiceSpec): Promise<void> {
  for (const { port, host } of ports) {
    if (!(await isTaken(port, host))) continue;
    const holder = findPortHolder(port);
    const who = holder === undefined ? 'another process' : `${holder.name} (process ${holder.pid})`;
    throw new LaunchFailure(`port ${port} of ${host} is taken by ${who}`, false);
  }
}

async function isTaken(port: number, host: string): Promise<boolean> {
  try {
    return await isPortTaken(port, host);
  } catch (error) {
    throw new LaunchFailure(`port ${port} of ${host} can't be listened on: ${messageOf(error)}`, false);
  }
}
