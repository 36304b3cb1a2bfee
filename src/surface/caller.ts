import { LOCAL_PRINCIPAL, SCOPES } from '../core/access.ts';
import type { Scope } from '../core/access.ts';

/** What the client at the other end says it can do. */
export interface CallerAbilities {
  /** Show a form and give back what a person entered. */
  readonly form: boolean;
  /** Open a page for a person, the only way in which a secret may be asked for. */
  readonly url: boolean;
  /** Ask its model. */
  readonly sampling: boolean;
  /** Name the folders that it works on. */
  readonly roots: boolean;
  /** Follow work as a task of the protocol's extension. */
  readonly tasks: boolean;
}

/** Who calls, as the server has established it. */
export interface Caller {
  /** What handles belong to: `local` for whoever holds the token of the data folder, or speaks over stdio; else `<issuer>|<subject>`. */
  readonly principal: string;
  /** What it may do, with all that follows from what it was granted. */
  readonly scopes: readonly Scope[];
  /** Its own word for itself: to be shown, never to decide by. */
  readonly client: { readonly name: string; readonly version: string } | undefined;
  readonly can: CallerAbilities;
}

/** A caller on this machine that can't be asked anything: the command line. */
export const LOCAL_CALLER: Caller = {
  principal: LOCAL_PRINCIPAL,
  scopes: SCOPES,
  client: undefined,
  can: { form: false, url: false, sampling: false, roots: false, tasks: false },
};

/** The runs that a caller may see: its own, or all of them (`{}`) for this machine's own callers and for `admin`. */
export function accessOf({ principal, scopes }: Pick<Caller, 'principal' | 'scopes'>): { readonly owner?: string } {
  return principal === LOCAL_PRINCIPAL || scopes.includes('lightdom:admin') ? {} : { owner: principal };
}
