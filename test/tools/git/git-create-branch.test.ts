import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitClient, withoutHashes } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';

describe('git_create_branch', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('checks out a branch of a name, or of a purpose and a title', async () => {
    const { repository } = app;
    const named = await app.call('git_create_branch', { name: 'agent/one' });
    expect(withoutHashes(named.text, repository)).toMatchInlineSnapshot(
      `"branch agent/one at HASH is checked out; before it was work"`,
    );
    const made = await app.call('git_create_branch', { purpose: 'bugfix', title: 'Round prices', checkout: false });
    expect(made.structured).toMatchObject({ isCheckedOut: false, previous: 'agent/one' });
    expect(made.structured['branch']).toMatch(/^agent\/bugfix\/round-prices-[0-9a-f]{8}$/);
    expect(repository.git('branch', '--show-current').trim()).toBe('agent/one');
  });

  it('refuses protected and missing names', async () => {
    const answer = await app.call('git_create_branch', { name: 'release/1' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('Branch release/1 is protected');
    expect((await app.call('git_create_branch', { purpose: 'docs' })).text).toContain('The branch has no name.');
  });
});
