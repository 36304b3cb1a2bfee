import { z } from 'zod';
import { definePlaybook } from '../src/surface/index.ts';

const DEFAULT_CHANGE = 'what differs between the working tree and the last commit';

export const findChangeImpact = definePlaybook({
  name: 'find_change_impact',
  title: 'Find the impact of a change',
  description: 'Finds what a change reaches: its users, the tests to run, and what the index cannot tell.',
  when: 'before code is changed, renamed or removed, before a commit, and for a review.',
  args: z.object({
    change: z
      .string()
      .max(2000)
      .optional()
      .describe('A symbol, a branch or what you mean to do; the uncommitted edits without it.'),
  }),
  goal: ({ change }) => `Find what this change reaches, with the LightDom tools:\n\n${change ?? DEFAULT_CHANGE}`,
  steps: [
    'Call system_status. Without an index call graph_index and follow the run with run_get; pending files are not in the answers yet.',
    'For edits, commits and branches call graph_diff, with `from` for a branch. If it is not among your tools, its toolset `changes` is not listed here: say so, and go on from the changed symbols that git or the user names.',
    'For something that is only planned find its symbols: graph_search by words, then graph_symbol for the exact one.',
    'Call graph_trace with direction impact for each symbol whose signature, type or meaning changes, and with callers for one that is removed. A hit that is a dispatch has a confidence: it may be called, it need not.',
    'Call graph_context with these symbols for the tests that reach them; graph_report co_change, narrowed to their files, tells what used to change with them without being connected.',
    'What goes through strings, configuration, templates or other languages is not in the graph: search the text for the names where that is likely.',
  ],
  answer:
    'Answer with what breaks for certain, what may, and what only has to be run again: each as path:line with the reason. List the tests to run. Repeat the limits of the coverage line.',
});
