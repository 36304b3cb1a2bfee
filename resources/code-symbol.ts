import { AppError } from '../src/core/errors.ts';
import { proposeSymbols, watchGraph } from '../src/graph/index.ts';
import { defineResource } from '../src/surface/index.ts';

export const codeSymbol = defineResource({
  name: 'code_symbol',
  title: 'Symbol',
  description:
    'One symbol by its id: place, signature, doc, members, number of callers, callees and references. Without `workspace` of the default one.',
  uri: 'graph://symbol/{id}{?workspace}',
  mimeType: 'application/json',
  async read({ id = '', workspace: wanted }, { services }) {
    // A name could be that of several; what a URI stands for must not depend on what else there is.
    const question = { workspace: wanted, symbol: id, source: false };
    const answer = /^[0-9a-f]{16}$/.test(id) ? await services.graph.symbol(question) : undefined;
    if (answer?.symbol?.id !== id) {
      throw new AppError('not_found', `The index holds no symbol with the id \`${id.slice(0, 100)}\`.`, {
        hint: 'Ids come with the hits of graph_search; graph_symbol also takes names.',
      });
    }
    const { symbol, workspace, generation, indexedAt, note, coverage } = answer;
    const about = { ...symbol, ...(note !== undefined && { note }), workspace, generation, indexedAt, coverage };
    return { text: JSON.stringify(about, null, 2), mimeType: 'application/json' };
  },
  complete: {
    id: (text, { services, known }) => proposeSymbols(services.graph, { text, workspace: known['workspace'] }),
  },
  watch: ({ workspace }, { graph }, changed) => watchGraph(graph, workspace, changed),
});
