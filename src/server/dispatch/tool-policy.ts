import { AppError } from '../../core/errors.ts';
import type { Catalog, Tool } from '../../surface/index.ts';
import { didYouMean } from '../mcp/input-problem.ts';

/** Hosts exist that refuse more. */
const MAX_COMPACT_TOOLS = 16;

/** What the operator configures under `mcp`. */
export interface PolicySettings {
  /** Ids of toolsets; `default` stands for those that are on by default, `all` for every one. */
  readonly toolsets: readonly string[];
  /** Single tools to be listed as well. */
  readonly tools: readonly string[];
  /** Tools that nobody may call. */
  readonly excludeTools: readonly string[];
  /** Only tools that change nothing may be called. */
  readonly readOnly: boolean;
  readonly profile: 'default' | 'compact';
}

/** What a single request asks for; it can take away and give nothing. */
export type PolicyDemand = Pick<PolicySettings, 'excludeTools' | 'readOnly'> & {
  /** Undefined: as the operator has them. */
  readonly toolsets: readonly string[] | undefined;
};

/**
 * What may be listed and called. Two ideas: what is *selected* is listed, and all else is still called by who knows its
 * name; what is *denied*, by read-only or by name, is neither listed nor called in any way. Each rule can only take away
 * from those before it. Precedence: read-only > excluded > tools > toolsets.
 */
export interface ToolPolicy {
  readonly rules: readonly ToolRule[];
  /** Lists take few tokens. */
  readonly isCompact: boolean;
}

interface ToolRule {
  /** Names of the tools that are listed; undefined: all. */
  readonly selected: ReadonlySet<string> | undefined;
  readonly excluded: ReadonlySet<string>;
  readonly isReadOnly: boolean;
  readonly source: RuleSource;
}

/** How the parts of a rule are called where it was given. */
interface RuleSource {
  readonly toolsets: string;
  readonly tools: string;
  readonly excludeTools: string;
  readonly readOnly: string;
}

const CONFIGURED: RuleSource = {
  toolsets: 'mcp.toolsets (--toolsets)',
  tools: 'mcp.tools (--tools)',
  excludeTools: 'mcp.excludeTools (--exclude-tools)',
  readOnly: 'mcp.readOnly (--read-only)',
};

export const POLICY_HEADERS = {
  toolsets: 'X-LightDom-Toolsets',
  excludeTools: 'X-LightDom-Exclude-Tools',
  readOnly: 'X-LightDom-Read-Only',
} as const;

export const DEFAULT_SETTINGS: PolicySettings = {
  toolsets: ['default'],
  tools: [],
  excludeTools: [],
  readOnly: false,
  profile: 'default',
};

/** Throws `invalid_input` for a name that the catalog does not have. */
export function createToolPolicy(catalog: Catalog, settings: PolicySettings = DEFAULT_SETTINGS): ToolPolicy {
  const names = new CatalogNames(catalog, CONFIGURED);
  const selected = new Set([...names.toolsOfToolsets(settings.toolsets), ...names.tools(settings.tools, 'tools')]);
  const excluded = names.tools(settings.excludeTools, 'excludeTools');
  const rule = { selected, excluded, isReadOnly: settings.readOnly, source: CONFIGURED };
  const policy = { rules: [rule], isCompact: settings.profile === 'compact' };
  if (policy.isCompact) assertCompact(catalog, policy);
  return policy;
}

/** The policy of one request. Throws `invalid_input` for a name that the catalog does not have. */
export function tightenPolicy(policy: ToolPolicy, catalog: Catalog, demand: PolicyDemand): ToolPolicy {
  const source = { ...POLICY_HEADERS, tools: '' };
  const names = new CatalogNames(catalog, source);
  const rule = {
    selected: demand.toolsets && new Set(names.toolsOfToolsets(demand.toolsets)),
    excluded: names.tools(demand.excludeTools, 'excludeTools'),
    isReadOnly: demand.readOnly,
    source,
  };
  return { ...policy, rules: [...policy.rules, rule] };
}

/** For a surface that is a selection itself: all of it is listed that is not denied. */
export function withoutSelection(policy: ToolPolicy): ToolPolicy {
  return { isCompact: policy.isCompact, rules: policy.rules.map((rule) => ({ ...rule, selected: undefined })) };
}

/** What of a tool a policy looks at; also of what acts without being one. */
export type PolicySubject = Pick<Tool, 'name' | 'effect' | 'aboutTools'>;

/** Why a tool may not be called; undefined when it may. What stands for other tools is judged by those. */
export function denialOf({ rules }: ToolPolicy, tool: PolicySubject): AppError | undefined {
  const isReading = tool.effect === 'read' || tool.aboutTools !== undefined;
  const readOnly = isReading ? undefined : rules.find((rule) => rule.isReadOnly);
  if (readOnly !== undefined) {
    return new AppError('permission_denied', `${tool.name} changes something, and only reading is allowed here.`, {
      hint: `${readOnly.source.readOnly} is set.`,
      details: { deniedBy: readOnly.source.readOnly },
    });
  }
  const excluding = rules.find((rule) => rule.excluded.has(tool.name));
  if (excluding === undefined) return undefined;
  return new AppError('permission_denied', `${tool.name} is excluded here.`, {
    hint: `${excluding.source.excludeTools} names it.`,
    details: { deniedBy: excluding.source.excludeTools },
  });
}

export function isListed(policy: ToolPolicy, tool: Tool): boolean {
  if (denialOf(policy, tool) !== undefined) return false;
  return policy.rules.every(({ selected }) => selected === undefined || selected.has(tool.name));
}

function assertCompact({ toolsets }: Catalog, policy: ToolPolicy): void {
  const listed = toolsets.flatMap(({ tools }) => tools).filter((tool) => isListed(policy, tool));
  if (listed.length <= MAX_COMPACT_TOOLS) return;
  throw new AppError(
    'invalid_input',
    `mcp.profile compact (--compact) lists at most ${MAX_COMPACT_TOOLS} tools, but ${listed.length} are selected.`,
    { hint: 'Select fewer with mcp.toolsets and mcp.tools; tool_call reaches those that are not listed.' },
  );
}

/** Reads names that people wrote. */
class CatalogNames {
  readonly #toolsets: Catalog['toolsets'];
  readonly #source: RuleSource;

  constructor({ toolsets }: Catalog, source: RuleSource) {
    this.#toolsets = toolsets;
    this.#source = source;
  }

  toolsOfToolsets(given: readonly string[]): string[] {
    return given.flatMap((id) => {
      const chosen = this.#toolsets.filter(
        ({ toolset }) => id === 'all' || id === toolset.id || (id === 'default' && toolset.isDefault),
      );
      const isKnown = chosen.length > 0 || id === 'all' || id === 'default';
      if (!isKnown)
        throw this.#unknown('toolset', id, ['default', 'all', ...this.#toolsets.map((one) => one.toolset.id)]);
      return chosen.flatMap(({ tools }) => tools.map((tool) => tool.name));
    });
  }

  /** Former names count as the present ones. */
  tools(given: readonly string[], part: 'tools' | 'excludeTools'): ReadonlySet<string> {
    const all = this.#toolsets.flatMap(({ tools }) => tools);
    return new Set(
      given.map((name) => {
        const tool = all.find((one) => one.name === name || one.aliases.includes(name));
        if (tool === undefined)
          throw this.#unknown(
            part,
            name,
            all.map((one) => one.name),
          );
        return tool.name;
      }),
    );
  }

  #unknown(part: 'toolset' | 'tools' | 'excludeTools', given: string, names: readonly string[]): AppError {
    const isToolset = part === 'toolset';
    const where = this.#source[isToolset ? 'toolsets' : part];
    const what = isToolset ? 'toolset' : 'tool';
    return new AppError(
      'invalid_input',
      `${where} names "${given.slice(0, 80)}", which is no ${what}${didYouMean(given, names)}.`,
      {
        hint: `Valid: ${names.join(', ')}.`,
      },
    );
  }
}
