import { statSync } from 'node:fs';
import process from 'node:process';
import { CONFIG_TREE } from './config-keys.ts';
import type { ConfigLayer, LayerValue } from './config-layer.ts';
import { maskValue } from './config-mask.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { Config } from './config-schema.ts';
import { MODE_RULES } from './mode-rules.ts';
import type { ModeFacts, ModeFinding } from './mode-rules.ts';

/** Permission bits by which group or others read or write; a secret file of a container may be read by all in it. */
const OPEN_BITS = { configuration: 0o066, secret: 0o022 } as const;

export interface ModeVerdict {
  /** What the mode does not allow. */
  readonly problems: readonly ConfigProblem[];
  /** What it allows and another one would not, where somebody should know. */
  readonly warnings: readonly string[];
}

/** Holds the configuration in force against the rules of its mode. */
export function checkMode(config: Config, given: ConfigLayer): ModeVerdict {
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const facts = factsOf(config, given);
  for (const rule of MODE_RULES) {
    for (const { key, text } of rule.find(facts)) {
      const origin = given.values.get(key)?.origin ?? 'default';
      const sentence = `Configuration key \`${key}\` (from ${origin}) ${text}`;
      if (rule.refusedIn.includes(config.mode)) {
        problems.push({ key, origin, text: `${sentence} in mode ${config.mode}: ${rule.why}. ${rule.hint}` });
      } else if (rule.isWarnedOf) {
        warnings.push(`${sentence}: ${rule.why}. ${rule.hint} It is an error in mode ${rule.refusedIn.join(', ')}.`);
      }
    }
  }
  return { problems, warnings };
}

function factsOf(config: Config, given: ConfigLayer): ModeFacts {
  return {
    http: config.http,
    graphServerHost: config.services.indexing.mcpServer?.host,
    durability: config.database.durability,
    approval: config.mcp.approval,
    exposedSecrets: exposedSecrets(given),
  };
}

function exposedSecrets(given: ConfigLayer): ModeFinding[] {
  // Windows has no such permissions: there the folder of the user keeps others out.
  if (process.platform === 'win32') return [];
  const findings: ModeFinding[] = [];
  for (const [path, key] of CONFIG_TREE.keys) {
    const held = given.values.get(path);
    if (key.facts.secret === undefined || held === undefined || maskValue(key, held.value) === held.value) continue;
    const text = exposureOf(held.file);
    if (text !== undefined) findings.push({ key: path, text });
  }
  return findings;
}

function exposureOf(file: LayerValue['file']): string | undefined {
  if (file === undefined) return undefined;
  const mode = statSync(file.path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & OPEN_BITS[file.kind]) === 0) return undefined;
  const verb = (mode & OPEN_BITS.secret) === 0 ? 'read' : 'changed';
  return `is in ${file.path}, which can be ${verb} by other users (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`;
}
