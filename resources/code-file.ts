import { proposeFiles, watchGraph } from '../src/graph/index.ts';
import { defineResource } from '../src/surface/index.ts';

export const codeFile = defineResource({
  name: 'code_file',
  title: 'File outline',
  description:
    'One source file by its path in the workspace: symbols, imports, importers, and how well it is known. Without `workspace` the default one.',
  uri: 'graph://file/{+path}{?workspace}',
  mimeType: 'application/json',
  async read({ path = '', workspace }, { services }) {
    return {
      text: JSON.stringify(await services.graph.outline(path, workspace), null, 2),
      mimeType: 'application/json',
    };
  },
  complete: {
    path: (text, { services, known }) => proposeFiles(services.graph, { text, workspace: known['workspace'] }),
  },
  watch: ({ workspace }, { graph }, changed) => watchGraph(graph, workspace, changed),
});
