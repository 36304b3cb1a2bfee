import { defineResource } from '../src/surface/index.ts';

export const exportedGraph = defineResource({
  name: 'exported_graph',
  title: 'Exported graph',
  description:
    'A file that graph_export wrote, by its name; SCIP as binary data, anything else as text. At most 4 MiB.',
  uri: 'export://{name}',
  read: ({ name = '' }, { services }) => services.changes.readExport(name),
  complete: {
    name: async (text, { services }) => {
      const names = await services.changes.listExports();
      return names.filter((name) => name.startsWith(text));
    },
  },
});
