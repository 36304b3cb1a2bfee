import { z } from 'zod';
import { definePlaybook } from '../src/surface/index.ts';

const DEFAULT_SCOPE = 'the whole workspace, gravest findings first';

export const healRepository = definePlaybook({
  name: 'heal_repository',
  title: 'Heal a repository',
  description: 'Finds what is wrong with the code, mends what is worth it step by step, and proves each step.',
  when: 'to reduce errors, dead code, cycles or duplication of a repository.',
  args: z.object({
    scope: z.string().max(2000).optional().describe('A path, a kind of finding, or a limit; the whole without it.'),
  }),
  goal: ({ scope }) =>
    [
      'Mend what is wrong with the code in the workspace. Its scope:',
      '',
      scope ?? DEFAULT_SCOPE,
      '',
      'LightDom finds, ranks, mends and verifies in private copies; what is left you mend yourself. It never changes the checkout.',
    ].join('\n'),
  steps: [
    'Call system_status. A subsystem that it calls unavailable is not part of this version: where the user expects healing without you, say so, and go on by hand.',
    'Call finding_collect and follow its run with run_get; its result says which checks did not run and why. If finding_collect is not among your tools, its toolset `findings` is not listed here: say so, and use graph_report (dead_code, cycles, clones, complexity, unused_exports) in its place.',
    'Call agent_heal with mode dry_run and follow its run: what its fixers can mend is mended and verified first, and agent_task shows the evidence. After the user has agreed, call it with mode branch or pull_request. If it is not among your tools, its toolset `agent` is not listed here.',
    'For what is left call finding_recommend for what to do first, then finding_list for the single findings of the rule that you choose. Agree with the user on a small first part.',
    'For each finding look before you edit: graph_symbol for the code, graph_trace impact for what depends on it. Dead code is dead only as far as the coverage line reaches; strings and configuration can use it too.',
    'Where agent_next is among your tools, take the packet, and hand your edit to agent_submit_patch, which verifies it. Otherwise make one small edit, run the tests that graph_context names for it, and keep or undo it before the next one.',
    'Call finding_collect again: what is gone is `fixed` by itself. What is right as it is, set aside with finding_update and a reason, after the user has agreed.',
  ],
  answer:
    'Report what was fixed and how it was proved, what was set aside and why, what is left, and which checks could not run.',
});
