import { z } from 'zod';
import { findingSchema, findingUpdateInputSchema, renderFinding } from '../../src/findings/index.ts';
import { defineTool } from '../../src/surface/index.ts';

export const findingUpdate = defineTool({
  name: 'finding_update',
  title: 'Ignore or reopen a finding',
  description:
    'Ignores a finding for a reason, or reopens it, and returns it. An ignored one stays so in later collections; what is fixed needs no call, the next finding_collect notices it.',
  effect: 'write',
  idempotent: true,
  openWorld: false,
  outside: 'findings in code',
  input: findingUpdateInputSchema,
  output: z.object({ finding: findingSchema.describe('As it is now.') }),
  summary: ({ finding }) => renderFinding(finding),
  async run(input, { services }) {
    return { finding: await services.findings.update(input) };
  },
});
