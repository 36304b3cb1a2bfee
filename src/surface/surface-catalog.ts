import type { Scope } from '../core/access.ts';
import type { Prompt } from './define-prompt.ts';
import type { Resource } from './define-resource.ts';
import type { Tool } from './define-tool.ts';

/** A named group of tools that is switched on or off together. */
export interface Toolset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** What its tools need, whatever they do. */
  readonly scope?: Scope;
}

/** Everything that agents can see, in the order in which it is listed. */
export interface Catalog {
  readonly toolsets: readonly { readonly toolset: Toolset; readonly tools: readonly Tool[] }[];
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
}
