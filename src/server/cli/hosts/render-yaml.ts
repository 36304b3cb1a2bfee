import { isList, isTable } from './host.ts';
import type { Setting, Settings } from './host.ts';

/** Block mappings and sequences; scalars as JSON, which YAML 1.2 has too. */
export function renderYaml(settings: Settings): string {
  return `${mappingLines(settings).join('\n')}\n`;
}

function mappingLines(settings: Settings): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const inner = innerLines(value).map((line) => `  ${line}`);
    if (inner.length === 0) lines.push(`${name}: ${JSON.stringify(value)}`);
    else lines.push(`${name}:`, ...inner);
  }
  return lines;
}

function innerLines(value: Setting): string[] {
  if (isList(value)) return value.map((item) => `- ${JSON.stringify(item)}`);
  return isTable(value) ? mappingLines(value) : [];
}
