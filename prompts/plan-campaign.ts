import { z } from 'zod';
import { definePlaybook } from '../src/surface/index.ts';

const DEFAULT_AIM = 'the recommendation with the highest score';

export const planCampaign = definePlaybook({
  name: 'plan_campaign',
  title: 'Plan a campaign',
  description: 'Plans a large change as parts that can be done, checked and undone one by one.',
  when: 'for a migration, a large refactoring or a clean-up that is too much for one change.',
  args: z.object({
    aim: z
      .string()
      .max(2000)
      .optional()
      .describe('What shall be true at the end; the first recommendation without it.'),
  }),
  goal: ({ aim }) => `Plan a campaign on the workspace, with the LightDom tools. Its aim:\n\n${aim ?? DEFAULT_AIM}`,
  steps: [
    'Call system_status. Campaigns that run by themselves need the subsystem `campaigns`: while it is unavailable, it is not part of this version, and the plan is for people or agents to carry out. Say which of the two holds.',
    'Call run_list for what runs already or has failed: a plan that collides with it is none.',
    'Measure the start: graph_report for the aim (layers, cycles, clones, hotspots, dependencies), and finding_recommend where the toolset `findings` is listed. Write the numbers down; they are the proof at the end.',
    'Find all that is concerned with graph_search and graph_trace impact; page to the end of each list, since a plan on the first page is wrong.',
    'Cut it into parts along the dependencies, so that each leaves the code working: first what nothing depends on. Two parts that touch the same file are one, or stand in order.',
    'For each part name its symbols, its tests (graph_context), how it is checked, how it is undone, and what would stop the campaign.',
  ],
  answer:
    'Answer with the aim as numbers that can be measured, the parts in order with their size, what may run side by side, the risks, and what is not known yet. Start nothing.',
});
