/** What a call does, as the protocol's annotations have it. */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** A tool that the present caller may call, whether or not their list has it. */
export interface FoundTool {
  readonly name: string;
  readonly description: string;
  /** Id of its toolset. */
  readonly toolset: string;
  readonly isListed: boolean;
  readonly hints: ToolHints;
  /** JSON Schema of its arguments. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ToolQuery {
  /** In any order; empty: every tool, in the order of the list. */
  readonly words: string;
  /** Only tools of this toolset. Throws `not_found` for one that is not there. */
  readonly toolset?: string | undefined;
  readonly limit: number;
}

/** The tools that a caller may call: all that a tool about tools needs. */
export interface ToolDirectory {
  /** Best match first; `total` counts all matches. */
  search(query: ToolQuery): { readonly found: readonly FoundTool[]; readonly total: number };
}

/** A call of a tool: what to do next, or what another call stands for. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
