import { catalog } from '../../dist/src/catalog.js';
import { askingTools } from './fixture-asking.js';
import { prompts, resources } from './fixture-reading.js';
import { schemaTool } from './fixture-schema.js';
import { taskTools } from './fixture-tasks.js';
import { contentTools, workingTools } from './fixture-tools.js';

const toolset = { id: 'fixtures', title: 'Fixtures', description: 'For the conformance suite.', isDefault: true };

/** The product's own surface, and after it what the suite calls by name. */
export const fixtureCatalog = {
  toolsets: [
    ...catalog.toolsets,
    { toolset, tools: [...contentTools, ...workingTools, ...askingTools, ...taskTools, schemaTool] },
  ],
  resources: [...catalog.resources, ...resources],
  prompts: [...catalog.prompts, ...prompts],
};
