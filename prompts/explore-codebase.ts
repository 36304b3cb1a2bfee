import { z } from 'zod';
import { definePlaybook } from '../src/surface/index.ts';

const DEFAULT_QUESTION = 'What are the main parts, what depends on what, and where would a newcomer start to read?';

export const exploreCodebase = definePlaybook({
  name: 'explore_codebase',
  title: 'Explore a codebase',
  description: 'Answers a question about the indexed code from the code graph, with places to look at.',
  when: 'to find out how code works, where something is done, or what a repository consists of.',
  args: z.object({
    question: z.string().max(2000).optional().describe('What you want to know; an overview without it.'),
  }),
  complete: {
    // Free text: what is offered is a beginning.
    question: (text) => Promise.resolve([DEFAULT_QUESTION].filter((question) => question.startsWith(text))),
  },
  goal: ({ question }) =>
    `Explore the indexed codebase with the LightDom tools and answer this question:\n\n${question ?? DEFAULT_QUESTION}`,
  steps: [
    'Call system_status. If there is no index, or many files are pending, call graph_index and follow the run with run_get until it is completed.',
    'Call graph_context with the question as its task, or without one for a map; for what it lacks call graph_search, narrowed by kind or path.',
    'For each promising symbol call graph_symbol; ask for the source only where the signature is not enough.',
    'Follow the connections with graph_trace: callers and impact for "what would change", callees for "how does it work", path for "how are these two connected".',
    'Read the coverage line of each answer: files that are skipped, unresolved or pending limit what can be claimed. Say so where it matters.',
  ],
  answer:
    'Answer with the conclusion first, then the evidence as path:line references. Name what you could not find out.',
});
