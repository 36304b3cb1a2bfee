import { defineResource } from '../src/surface/index.ts';

export const codeFile = defineResource({
  name: 'code_file',
  title: 'File outline',
  description: 'One source file by its path in the workspace: symbols, imports, importers, and how well it is known.',
  uri: 'graph://file/{+path}',
  mimeType: 'application/json',
  async read({ path = '' }, { services }) {
    return { text: JSON.stringify(await services.graph.outline(path), null, 2), mimeType: 'application/json' };
  },
});
