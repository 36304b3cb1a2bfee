import { z } from 'zod';
import { definePrompt } from '../src/surface/index.ts';

const DEFAULT_QUESTION = 'What are the main parts, what depends on what, and where would a newcomer start to read?';

export const exploreCodebase = definePrompt({
  name: 'explore_codebase',
  title: 'Explore a codebase',
  description: 'Answers a question about the indexed code from the code graph, with places to look at.',
  args: z.object({
    question: z.string().max(2000).optional().describe('What you want to know; an overview without it.'),
  }),
  complete: {
    // Free text: what is offered is a beginning.
    question: (text) => Promise.resolve([DEFAULT_QUESTION].filter((question) => question.startsWith(text))),
  },
  render: ({ question }) =>
    [
      'Explore the indexed codebase with the LightDom tools and answer this question:',
      '',
      question ?? DEFAULT_QUESTION,
      '',
      '1. Call system_status. If there is no index, or many files are pending, call graph_index and follow the run with run_get until it is completed.',
      '2. Call graph_context with the question as its task, or without one for a map; for what it lacks call graph_search, narrowed by kind or path.',
      '3. For each promising symbol call graph_symbol; ask for the source only where the signature is not enough.',
      '4. Follow the connections with graph_trace: callers and impact for "what would change", callees for "how does it work", path for "how are these two connected".',
      '5. Read the coverage line of each answer: files that are skipped, unresolved or pending limit what can be claimed. Say so where it matters.',
      '',
      'Answer with the conclusion first, then the evidence as path:line references. Name what you could not find out.',
    ].join('\n'),
});
