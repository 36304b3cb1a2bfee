import type { Services } from '../services.ts';
import type { Caller } from './caller.ts';

export interface CompletionContext {
  readonly services: Services;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** The other variables or arguments, as far as the client has them. */
  readonly known: Readonly<Record<string, string>>;
}

/** The best of more values than anybody wants to be shown. */
export interface Proposals {
  readonly values: readonly string[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * Proposes values for what has been typed so far, the likeliest first: all of them, or the best and how many there are.
 * Clients are shown a hundred. No proposals are an answer, too.
 */
export type Completer = (value: string, context: CompletionContext) => Promise<readonly string[] | Proposals>;

/** By the name of the variable or argument. */
export type Completers = Readonly<Record<string, Completer>>;
