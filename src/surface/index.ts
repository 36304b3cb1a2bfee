/** The contract of the declarative surface. Owns what a tool, a resource and a prompt are; knows no protocol. */
export { askForm, CapabilityNeeded, formRequest, InputNeeded } from './asking.ts';
export type { AskingContext, FormAnswer, InputRequest } from './asking.ts';
export { accessOf, LOCAL_CALLER } from './caller.ts';
export type { Caller, CallerAbilities } from './caller.ts';
export type { Completer, Completers, CompletionContext, Proposals } from './completion.ts';
export type { ContentBlock, EmbeddedContent, PromptMessage } from './content-block.ts';
export { definePrompt } from './define-prompt.ts';
export type { Prompt } from './define-prompt.ts';
export { defineResource } from './define-resource.ts';
export type { Resource, ResourceContent } from './define-resource.ts';
export { defineDirectoryTool, defineStandInTool } from './define-tool-about-tools.ts';
export { defineTool } from './define-tool.ts';
export type { TaskSupport, Tool, ToolAnswer, ToolEffect } from './define-tool.ts';
export { renderNext } from './next-call.ts';
export type { FoundTool, ToolCall, ToolDirectory, ToolHints, ToolQuery } from './tool-directory.ts';
export type { ToolContext } from './tool-context.ts';
export type { Catalog, Toolset } from './surface-catalog.ts';
