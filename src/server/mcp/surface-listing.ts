import { UriTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Catalog, Prompt, Resource, Tool } from '../../surface/index.ts';
import { createSkillShelf } from './skill-layer.ts';
import { inputSchemaOf, outputSchemaOf } from './tool-schema.ts';

const argumentSchema = z.object({ description: z.string().default('') });

/**
 * The lists of a catalog as the protocol shows them. Made once: a fresh server is built for every modern request. Toolsets
 * that are not on by default cost no agent a token; their tools answer all the same to who knows their names.
 */
export type SurfaceListing = ReturnType<typeof createSurfaceListing>;

export function createSurfaceListing(catalog: Catalog) {
  const skills = createSkillShelf(catalog.prompts);
  const isTemplate = (resource: Resource): boolean => UriTemplate.isTemplate(resource.uri);
  return {
    tools: catalog.toolsets.flatMap(({ toolset, tools }) => (toolset.isDefault ? tools : [])).map(listedTool),
    resources: [
      ...catalog.resources.filter((resource) => !isTemplate(resource)).map(listedResource),
      ...skills.resources,
    ],
    resourceTemplates: catalog.resources.filter(isTemplate).map(listedTemplate),
    prompts: catalog.prompts.map(listedPrompt),
    skills,
  };
}

function listedTool(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchemaOf(tool.input),
    outputSchema: outputSchemaOf(tool.output),
    annotations: {
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'destroy',
      idempotentHint: tool.idempotent,
      openWorldHint: tool.openWorld,
    },
    ...(tool.view === undefined ? {} : { _meta: { ui: { resourceUri: tool.view } } }),
  };
}

function listedResource({ uri, name, title, description, mimeType, meta }: Resource) {
  return { uri, name, title, description, mimeType, ...(meta === undefined ? {} : { _meta: meta }) };
}

function listedTemplate({ uri, name, title, description, mimeType }: Resource) {
  return { uriTemplate: uri, name, title, description, mimeType };
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
