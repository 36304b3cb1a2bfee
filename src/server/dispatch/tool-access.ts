import type { AppError } from '../../core/errors.ts';
import type { FoundTool, Tool, ToolDirectory, ToolHints, ToolQuery } from '../../surface/index.ts';
import { unknownName } from '../mcp/input-problem.ts';
import type { SurfaceListing, ToolEntry } from '../mcp/surface-listing.ts';
import { denialOf, isListed } from './tool-policy.ts';
import type { PolicySubject, ToolPolicy } from './tool-policy.ts';
import { ToolRanking } from './tool-ranking.ts';

type WholeTool = ReturnType<ToolEntry['shown']>;
type ShownTool = Omit<WholeTool, 'title' | 'outputSchema'> & Partial<WholeTool>;

/** The tools of a catalog under a policy: what is listed, what may be called, what is found. Cheap to make. */
export class ToolAccess implements ToolDirectory {
  readonly #listing: SurfaceListing;
  readonly #policy: ToolPolicy;

  constructor(listing: SurfaceListing, policy: ToolPolicy) {
    this.#listing = listing;
    this.#policy = policy;
  }

  /** What `tools/list` shows, in the order of the catalog. */
  listed(): readonly ShownTool[] {
    return this.#listing.tools
      .filter(({ tool }) => isListed(this.#policy, tool))
      .map((entry) => this.#shown({ ...entry.shown(), annotations: this.#hintsOf(entry) }));
  }

  /** Whether tools that are not listed can be found and run through ones that are. */
  reachesMoreThanListed(): boolean {
    return this.#listing.tools.some(
      ({ tool }) => tool.aboutTools?.kind === 'stands_for' && isListed(this.#policy, tool),
    );
  }

  /** Whether there is a tool of this or this former name, allowed or not. */
  has(name: string): boolean {
    return this.#listing.toolsByName.has(name);
  }

  find(name: string): Tool | undefined {
    return this.#listing.toolsByName.get(name)?.tool;
  }

  /** Throws `not_found` when there is none, and `permission_denied` when the policy forbids to call it. */
  get(name: string): Tool {
    const tool = this.find(name);
    if (tool === undefined)
      throw unknownName(
        'tool',
        name,
        this.#callable().map((entry) => entry.tool.name),
      );
    const denial = this.denialOf(tool);
    if (denial !== undefined) throw denial;
    return tool;
  }

  denialOf(tool: PolicySubject): AppError | undefined {
    return denialOf(this.#policy, tool);
  }

  /** Tools of the same toolset that start runs: where work goes that takes too long for an answer. */
  runStartersBeside(tool: Tool): readonly string[] {
    const toolset = this.#listing.toolsByName.get(tool.name)?.toolset;
    return this.#callable()
      .filter((entry) => entry.toolset === toolset && entry.tool.task !== undefined && entry.tool !== tool)
      .map((entry) => entry.tool.name);
  }

  search({ words, toolset, limit }: ToolQuery): { found: readonly FoundTool[]; total: number } {
    const ids = [...new Set(this.#listing.tools.map((entry) => entry.toolset))];
    if (toolset !== undefined && !ids.includes(toolset)) throw unknownName('toolset', toolset, ids);
    const callable = this.#callable().filter((entry) => toolset === undefined || entry.toolset === toolset);
    const matches = this.#matches(callable, words.trim());
    return { found: matches.slice(0, limit).map((entry) => this.#found(entry)), total: matches.length };
  }

  /** Who gives the name of a tool wants no other. */
  #matches(entries: readonly ToolEntry[], words: string): readonly ToolEntry[] {
    const named = entries.filter((entry) => entry.tool === this.find(words));
    if (words === '' || named.length > 0) return words === '' ? entries : named;
    const scores = new ToolRanking(entries.map(textsOf)).scores(words);
    return entries
      .map((entry, index) => ({ entry, score: scores[index] ?? 0 }))
      .filter(({ score }) => score > 0)
      .toSorted((one, other) => other.score - one.score)
      .map(({ entry }) => entry);
  }

  #callable(): readonly ToolEntry[] {
    return this.#listing.tools.filter(({ tool }) => this.denialOf(tool) === undefined);
  }

  #found(entry: ToolEntry): FoundTool {
    return {
      name: entry.tool.name,
      description: entry.tool.description,
      toolset: entry.toolset,
      isListed: isListed(this.#policy, entry.tool),
      hints: this.#hintsOf(entry),
      inputSchema: entry.shown().inputSchema,
    };
  }

  /** What stands for other tools has the strongest hints of all that it can reach. */
  #hintsOf({ tool, hints }: ToolEntry): ToolHints {
    if (tool.aboutTools?.kind !== 'stands_for') return hints;
    const reached = this.#callable()
      .filter((entry) => entry.tool.aboutTools?.kind !== 'stands_for')
      .map((entry) => entry.hints);
    return {
      readOnlyHint: reached.every(({ readOnlyHint }) => readOnlyHint),
      destructiveHint: reached.some(({ destructiveHint }) => destructiveHint),
      idempotentHint: reached.every(({ idempotentHint }) => idempotentHint),
      openWorldHint: reached.some(({ openWorldHint }) => openWorldHint),
    };
  }

  /** A third of a list is what answers look like and titles for people: a model does without them. */
  #shown(shown: WholeTool): ShownTool {
    if (!this.#policy.isCompact) return shown;
    const { outputSchema: _output, title: _title, ...rest } = shown;
    return rest;
  }
}

function textsOf({ tool, toolset }: ToolEntry) {
  return [
    { text: tool.name, weight: 3 },
    { text: tool.title, weight: 2 },
    { text: tool.aliases.join(' '), weight: 1 },
    { text: tool.description, weight: 1 },
    { text: toolset, weight: 1 },
    { text: Object.keys(tool.input.shape).join(' '), weight: 0.3 },
  ];
}
