import { describe, expect, it } from 'vitest';
import { findChangeImpact } from '../../prompts/find-change-impact.ts';
import { promptText, toolsOf } from '../support/playbook-rules.ts';

describe('find_change_impact', () => {
  it('is about the change that is named, else about the uncommitted edits', async () => {
    expect(await promptText(findChangeImpact, { change: 'rename Cart.total' })).toContain('\nrename Cart.total\n');
    expect(await promptText(findChangeImpact)).toContain('the working tree and the last commit');
  });

  it('names only tools that exist, and says what to do where the toolset of one is not listed', async () => {
    expect(await toolsOf(findChangeImpact)).toEqual(
      expect.arrayContaining(['graph_context', 'graph_diff', 'graph_report', 'graph_trace']),
    );
    expect(await promptText(findChangeImpact)).toContain('toolset `changes` is not listed');
  });
});
