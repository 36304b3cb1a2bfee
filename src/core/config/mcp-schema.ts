import { z } from 'zod';
import { APPROVALS } from '../approval.ts';
import { keyFacts } from './key-facts.ts';
import { defaultByMode } from './mode-rules.ts';

const MAX_NAMES = 500;

const names = z.array(z.string().min(1).max(64)).max(MAX_NAMES);

/** What agents may see and do. Names are checked against the catalog where it is known. */
export const mcpSchema = z.strictObject({
  toolsets: names
    .default(['default'])
    .describe('Toolsets that are listed: ids, `default` or `all`; `tool_call` reaches what is not listed.')
    .register(keyFacts, { separator: ',', valid: 'a list of toolset ids, `default` or `all`' }),
  tools: names
    .default([])
    .describe('Single tools that are listed as well.')
    .register(keyFacts, { separator: ',', valid: 'a list of tool names' }),
  excludeTools: names
    .default([])
    .describe('Tools that are neither listed nor run, however they are called.')
    .register(keyFacts, { separator: ',', valid: 'a list of tool names' }),
  readOnly: z
    .boolean()
    .default(false)
    .describe('Only tools that change nothing are listed and run; it goes before all other keys here.'),
  profile: z
    .enum(['default', 'compact'])
    .default('default')
    .describe('How tools are listed: `compact` is at most 16 of them in fewer tokens, for hosts with small limits.'),
  approval: z
    .enum(APPROVALS)
    .describe(
      'What destroying needs: a yes or else a plan (`asked`), a plan and a yes (`planned`), nothing (`presumed`).',
    )
    .register(keyFacts, { defaultText: defaultByMode('mcp.approval') }),
});
