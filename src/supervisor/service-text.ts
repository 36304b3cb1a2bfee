import { AppError } from '../core/errors.ts';
import { SERVICE_STATES } from './decisions/service-state.ts';
import type { ServiceLine, ServiceView } from './supervisor-schema.ts';

const DISABLED = 'disabled';
const MEBIBYTE = 1024 * 1024;

/** Shares of the time in which a service was meant to run and was ready, by window. */
export type Availabilities = Readonly<Record<string, number | undefined>>;

/** A service in one line, for agents and terminals. */
export function renderService(view: ServiceView, availability: Availabilities = {}): string {
  const { name, about, since, restarts, pid, memoryBytes, cpuPercent, waitingFor, dependsOn } = view;
  const facts = [
    ...(about === undefined ? [] : [`(${about})`]),
    `since=${since.slice(0, 19)}Z`,
    ...(pid === undefined ? [] : [`pid=${pid}`]),
    ...(restarts === 0 ? [] : [`restarts=${restarts}`]),
    ...(memoryBytes === undefined ? [] : [`memory=${megabytes(memoryBytes)}`]),
    ...(cpuPercent === undefined ? [] : [`cpu=${Math.round(cpuPercent)}%`]),
    ...(waitingFor.length === 0 ? [] : [`waits-for=${waitingFor.join(',')}`]),
    ...(dependsOn.length === 0 ? [] : [`needs=${dependsOn.join(',')}`]),
    ...Object.entries(availability).map(([window, ratio = 0]) => `available-${window}=${ratioText(ratio)}`),
  ];
  return `${name} ${stateOf(view)} ${facts.join(' ')}: ${whyOf(view)}`;
}

/** `disabled` for one that nothing can start; that is no state of its machine. */
export function stateOf({ state, isEnabled }: Pick<ServiceView, 'state' | 'isEnabled'>): string {
  return isEnabled ? state : DISABLED;
}

/** Throws `invalid_input` that names what `stateOf` can say. */
export function requireShownState(word: string): void {
  const words: readonly string[] = [...SERVICE_STATES, DISABLED];
  if (words.includes(word)) return;
  throw new AppError('invalid_input', `No service is ever \`${word}\`.`, { hint: `States: ${words.join(', ')}.` });
}

export function whyOf({ isEnabled, reason, disabledReason = 'disabled' }: ServiceView): string {
  return (isEnabled ? reason : disabledReason) || 'not started yet';
}

export function renderServiceLine({ at, service, stream, line }: ServiceLine): string {
  return `${at} ${service} ${stream === 'stdout' ? '' : `${stream}: `}${line}`;
}

/** `84.5 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

/** `99.97 %` */
export function ratioText(ratio: number): string {
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`;
}
