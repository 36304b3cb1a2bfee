import { SEVERITIES } from './finding-schema.ts';
import type { Recommendation, RecommendAnswer } from './recommend-schema.ts';

/** Recommendations as compact text, each with the figures that it rests on. */
export function renderRecommendations({ recommendations, total, findings, note }: RecommendAnswer): string {
  const head = `${recommendations.length} of ${total} recommendations from ${findings} open findings`;
  const lines = recommendations.flatMap((one, at) => recommendationLines(one, at + 1));
  return [head, ...lines, ...(note === undefined ? [] : [`note: ${note}`])].join('\n');
}

function recommendationLines(one: Recommendation, place: number): string[] {
  const { why } = one;
  const severities = SEVERITIES.flatMap((severity) => {
    const count = why.bySeverity[severity] ?? 0;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return [
    `${place}. [${one.score}] ${one.title}`,
    `   why: ${severities.join(', ')}; ${why.occurrences} occurrences in ${why.files} files; e.g. ${why.example}`,
    `   where: ${one.where.join(', ')}`,
    `   effect: ${one.effect}`,
    `   effort: ${one.effortHours} h (${one.effortRule}); score: ${one.scoreFormula}`,
    ...one.actionItems.map((item) => `   - ${item}`),
  ];
}
