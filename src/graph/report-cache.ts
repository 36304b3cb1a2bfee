import type { OpenView } from './graph-views.ts';
import { LruMap } from './metrics/lru-map.ts';
import type { Findings } from './query/report-answer.ts';
import type { ReportInput } from './report-schema.ts';

/** Whoever turns pages turns those of one report, or of a few. */
const MAX_REPORTS = 8;

/**
 * The findings of reports whose pages are being turned. Only what is asked with a cursor is answered from it: texts,
 * manifests and history may change while a generation stays, and who asks anew wants to know what is there now.
 */
export class ReportCache {
  readonly #findings = new LruMap<Findings>(MAX_REPORTS);

  async find(
    { root, view }: Pick<OpenView, 'root' | 'view'>,
    input: ReportInput,
    make: () => Promise<Findings>,
  ): Promise<Findings> {
    const { report, rules, cursor } = input;
    const key = JSON.stringify([root, view.edition, report, rules]);
    const known = cursor === undefined ? undefined : this.#findings.get(key);
    if (known !== undefined) return known;
    const made = await make();
    this.#findings.set(key, made);
    return made;
  }
}
