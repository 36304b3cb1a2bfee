import { createPathFilter } from '../query/path-filter.ts';
import type { GraphView } from '../query/graph-view.ts';
import { fileLinksOf } from './file-links.ts';
import type { FileLink } from './file-links.ts';

/** Paths are prefixes or globs, as in the other questions. */
export interface LayeringRule {
  readonly from: string;
  readonly mayNotImport: string;
}

/** Undefined for a text that is not `from !> mayNotImport`. */
export function parseLayeringRule(text: string): LayeringRule | undefined {
  const [from = '', mayNotImport = '', ...rest] = text.split('!>').map((side) => side.trim());
  return from === '' || mayNotImport === '' || rest.length > 0 ? undefined : { from, mayNotImport };
}

export interface LayeringBreach {
  readonly link: FileLink;
  readonly rule: LayeringRule;
}

export interface LayeringResult {
  readonly breaches: readonly LayeringBreach[];
  /** Rules of which a side matches no file: they hold whatever the code does. */
  readonly idle: readonly LayeringRule[];
}

/** Imports and re-exports against the rules, types included; those inside a folder that both sides match are none. */
export function checkLayers(view: GraphView, rules: readonly LayeringRule[]): LayeringResult {
  const links = fileLinksOf(view).filter(({ from, to }) => from !== to);
  const breaches: LayeringBreach[] = [];
  const idle: LayeringRule[] = [];
  for (const rule of rules) {
    const isFrom = createPathFilter(rule.from);
    const isForbidden = createPathFilter(rule.mayNotImport);
    const paths = view.columns.files.map(({ path }) => path);
    if (!paths.some(isFrom) || !paths.some(isForbidden)) idle.push(rule);
    for (const link of links) {
      const [from, to] = [view.pathOf(link.from), view.pathOf(link.to)];
      if (isFrom(from) && isForbidden(to) && !isForbidden(from)) breaches.push({ link, rule });
    }
  }
  return { breaches, idle };
}
