/** The contract of the declarative surface. Owns what a tool, a resource and a prompt are; knows no protocol. */
export { askForm, CapabilityNeeded, formAnswer, formRequest, InputNeeded } from './asking.ts';
export type { AskingContext, FormAnswer, InputRequest } from './asking.ts';
export { LOCAL_CALLER } from './caller.ts';
export type { Caller, CallerAbilities } from './caller.ts';
export type { ContentBlock, EmbeddedContent, PromptMessage } from './content-block.ts';
export { definePlaybook } from './define-playbook.ts';
export { definePrompt } from './define-prompt.ts';
export type { Prompt } from './define-prompt.ts';
export { defineResource } from './define-resource.ts';
export type { Resource, ResourceContent } from './define-resource.ts';
export { defineTool } from './define-tool.ts';
export type { TaskSupport, Tool, ToolAnswer, ToolEffect } from './define-tool.ts';
export type { Skill } from './skill.ts';
export type { ToolContext } from './tool-context.ts';
export type { Catalog, Toolset } from './surface-catalog.ts';
