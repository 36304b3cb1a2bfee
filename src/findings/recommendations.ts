import { z } from 'zod';
import type { Category, Finding, Severity } from './finding-schema.ts';
import type { Recommendation, RecommendationKind } from './recommend-schema.ts';

interface KindRule {
  readonly kind: RecommendationKind;
  readonly basePriority: number;
  /** What the hours are counted by. */
  readonly effort: (findings: readonly Finding[]) => { readonly hours: number; readonly rule: string };
  readonly title: (rule: string) => string;
}

/**
 * Base priorities and hours of errors and structure are those of the seed's relationship analysis (error_pattern 10 and
 * 0.5 h, structural_issue 7 and 2 h, or 0.1 h a file); dead code, duplication and style are ranked below by the same pattern.
 */
const KIND_RULES: Readonly<Record<Category, KindRule>> = {
  bug: {
    kind: 'error_pattern',
    basePriority: 10,
    effort: perOccurrence(0.5),
    title: (rule) => `Mend the errors of ${rule}`,
  },
  architecture: {
    kind: 'structural_issue',
    basePriority: 7,
    effort: structural,
    title: (rule) => `Resolve what ${rule} finds`,
  },
  dead_code: {
    kind: 'dead_code',
    basePriority: 4,
    effort: perOccurrence(0.1),
    title: (rule) => `Remove what ${rule} finds`,
  },
  style: {
    kind: 'style',
    basePriority: 2,
    effort: perOccurrence(0.1),
    title: (rule) => `Clean up what ${rule} finds`,
  },
  duplication: {
    kind: 'duplication',
    basePriority: 3,
    effort: perOccurrence(0.5),
    title: (rule) => `Give one place to what ${rule} finds`,
  },
};

/** By the gravest finding: 10, 8 and 5 are the seed's. */
const IMPACTS: Readonly<Record<Severity, number>> = { critical: 10, high: 8, medium: 5, low: 3, info: 1 };

const MAX_PLACES = 10;
const MAX_IDS = 10;
const MAX_STEPS = 3;

/**
 * One recommendation a rule, from open findings alone, best first: score, then less effort, then more findings. `findings`
 * come gravest first.
 */
export function recommendationsOf(findings: readonly Finding[]): Recommendation[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.category} ${finding.rule}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()]
    .flatMap(([first, ...rest]) =>
      first === undefined ? [] : recommendationOf(first, [first, ...rest], findings.length),
    )
    .toSorted(
      (a, b) =>
        b.score - a.score || a.effortHours - b.effortHours || b.why.findings - a.why.findings || (a.id < b.id ? -1 : 1),
    );
}

function recommendationOf(gravest: Finding, group: readonly Finding[], all: number): Recommendation {
  const { rule, category, severity } = gravest;
  const { kind, basePriority, effort, title } = KIND_RULES[category];
  const impact = IMPACTS[severity];
  const { hours, rule: effortRule } = effort(group);
  const places = placesOf(group);
  return {
    id: rule,
    kind,
    title: title(rule),
    score: basePriority * impact,
    scoreFormula: `base ${basePriority} (${kind}) × impact ${impact} (worst is ${severity}) = ${basePriority * impact}`,
    why: {
      findings: group.length,
      occurrences: occurrencesOf(group),
      files: places.length,
      bySeverity: bySeverity(group),
      findingIds: group.slice(0, MAX_IDS).map(({ findingId }) => findingId),
      example: gravest.message.split('\n')[0] ?? '',
    },
    where: places.slice(0, MAX_PLACES).map(([path, count]) => `${path} (${count})`),
    actionItems: stepsOf(gravest, group),
    effect: `${group.length} of ${all} open findings fewer (${Math.round((100 * group.length) / all)} %), ${places.length} files without ${rule}`,
    effortHours: hours,
    effortRule,
  };
}

function stepsOf(gravest: Finding, group: readonly Finding[]): string[] {
  const place = gravest.line === undefined ? gravest.path : `${gravest.path}:${gravest.line}`;
  const suggestions = new Set(group.flatMap(({ suggestion }) => suggestion ?? []));
  return [
    `Begin with ${place}.`,
    ...[...suggestions].slice(0, MAX_STEPS),
    'Collect again with finding_collect: what is mended becomes fixed. Ignore with finding_update what is meant so.',
  ];
}

function bySeverity(group: readonly Finding[]): Recommendation['why']['bySeverity'] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of group) counts[severity] += 1;
  return counts;
}

function placesOf(group: readonly Finding[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { path } of group) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
}

function occurrencesOf(group: readonly Finding[]): number {
  return group.reduce((sum, { occurrences }) => sum + occurrences, 0);
}

function perOccurrence(hours: number): KindRule['effort'] {
  return (group) => {
    const count = occurrencesOf(group);
    return { hours: rounded(hours * count), rule: `${hours} h × ${count} occurrences` };
  };
}

const folderEvidence = z.object({ files: z.number() });

/** A crowded folder counts by its files, everything else by itself. */
function structural(group: readonly Finding[]): { hours: number; rule: string } {
  const files = group.reduce((sum, { evidence }) => sum + (folderEvidence.safeParse(evidence).data?.files ?? 0), 0);
  if (files > 0) return { hours: rounded(0.1 * files), rule: `0.1 h × ${files} files` };
  return { hours: rounded(2 * group.length), rule: `2 h × ${group.length} issues` };
}

function rounded(hours: number): number {
  return Math.round(hours * 10) / 10;
}

/** Analyses of the seed for which there is no source here. */
export const NOT_COVERED = 'not covered, since no source collects them: process flows';
