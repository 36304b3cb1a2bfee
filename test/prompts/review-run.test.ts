import { describe, expect, it } from 'vitest';
import { reviewRun } from '../../prompts/review-run.ts';
import { catalog } from '../../src/catalog.ts';
import { promptText, toolsOf } from '../support/playbook-rules.ts';

describe('review_run', () => {
  it('is about the run that is named, else about the newest that failed', async () => {
    expect(await promptText(reviewRun, { run: 'af792143' })).toContain('\naf792143\n');
    expect(await promptText(reviewRun)).toContain('the newest run that failed');
  });

  it('names only tools and resources that exist', async () => {
    expect(await toolsOf(reviewRun)).toEqual(['run_control', 'run_get', 'run_list', 'run_log', 'system_status']);
    expect(catalog.resources.map(({ uri }) => uri)).toContain('run://{runId}/log');
    expect(await promptText(reviewRun)).toContain('run://{runId}/log');
  });

  it('changes nothing without the user', async () => {
    expect(await promptText(reviewRun)).toContain('call it only after the user has agreed');
  });
});
