import { UriTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Catalog, Prompt, Resource, Tool, ToolHints } from '../../surface/index.ts';
import { createSkillShelf } from './skill-layer.ts';
import { inputSchemaOf, outputSchemaOf } from './tool-schema.ts';

const argumentSchema = z.object({ description: z.string().default('') });

/**
 * The lists of a catalog as the protocol shows them, with every tool: which of them a client sees is for the policy to
 * say. Made once: a fresh server is built for every modern request.
 */
export type SurfaceListing = ReturnType<typeof createSurfaceListing>;

export function createSurfaceListing(catalog: Catalog) {
  const skills = createSkillShelf(catalog.prompts);
  const isTemplate = (resource: Resource): boolean => UriTemplate.isTemplate(resource.uri);
  const tools = catalog.toolsets.flatMap(({ toolset, tools: own }) => own.map((tool) => toolEntry(tool, toolset.id)));
  return {
    tools,
    /** By name and by former names. */
    toolsByName: new Map(tools.flatMap((entry) => namesOf(entry.tool).map((name) => [name, entry] as const))),
    resources: [
      ...catalog.resources.filter((resource) => !isTemplate(resource)).map(listedResource),
      ...skills.resources,
    ],
    resourceTemplates: catalog.resources.filter(isTemplate).map(listedTemplate),
    prompts: catalog.prompts.map(listedPrompt),
    skills,
  };
}

/** A tool, where it belongs, and how the protocol shows it. */
export type ToolEntry = SurfaceListing['tools'][number];

function namesOf({ name, aliases }: Tool): readonly string[] {
  return [name, ...aliases];
}

/** Schemas are converted when they are shown: most clients never see most tools, and wait for those that they do. */
function toolEntry(tool: Tool, toolset: string) {
  const hints: ToolHints = {
    readOnlyHint: tool.effect === 'read',
    destructiveHint: tool.effect === 'destroy',
    idempotentHint: tool.idempotent,
    openWorldHint: tool.openWorld,
  };
  let shown: ReturnType<typeof listedTool> | undefined;
  return { tool, toolset, hints, shown: () => (shown ??= listedTool(tool, hints)) };
}

function listedTool(tool: Tool, hints: ToolHints) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchemaOf(tool.input),
    outputSchema: outputSchemaOf(tool.output),
    annotations: hints,
    ...(tool.view === undefined ? {} : { _meta: { ui: { resourceUri: tool.view } } }),
  };
}

function listedResource({ uri, name, title, description, mimeType, meta }: Resource) {
  return {
    uri,
    name,
    title,
    description,
    ...(mimeType !== undefined && { mimeType }),
    ...(meta !== undefined && { _meta: meta }),
  };
}

function listedTemplate({ uri, name, title, description, mimeType }: Resource) {
  return { uriTemplate: uri, name, title, description, ...(mimeType !== undefined && { mimeType }) };
}

function listedPrompt(prompt: Prompt) {
  const { properties = {}, required = [] } = inputSchemaOf(prompt.args);
  const args = Object.entries(properties).map(([name, schema]) => ({
    name,
    description: argumentSchema.parse(schema).description,
    required: required.includes(name),
  }));
  return { name: prompt.name, title: prompt.title, description: prompt.description, arguments: args };
}
