import type { Sealer } from '../../core/seal.ts';
import type { Plans } from '../../surface/index.ts';

/** A person may have to be asked first; longer, and the facts are looked at anew. */
const PLAN_TTL_MS = 30 * 60_000;

export interface PlanScope {
  readonly sealer: () => Sealer;
  readonly principal: string;
  /** Whose plans they are: one of a tool is none of another. */
  readonly subject: readonly string[];
}

/** Plans that are kept nowhere: an id proves by itself what it was given out for, to whom and until when. */
export function sealedPlans({ sealer, principal, subject }: PlanScope): Plans {
  const purposeOf = (action: string): readonly string[] => ['plan', principal, ...subject, action];
  return {
    create(action) {
      const planId = sealer().seal(purposeOf(action), null, PLAN_TTL_MS);
      return { action, planId, expiresAt: new Date(Date.now() + PLAN_TTL_MS).toISOString() };
    },
    isFor(action, planId) {
      try {
        sealer().open(purposeOf(action), planId);
        return true;
      } catch {
        return false;
      }
    },
  };
}
