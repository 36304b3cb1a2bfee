import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitClient } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';

describe('git_pr_status', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('names the key to set where pull requests are out of reach', async () => {
    const answer = await app.call('git_pr_status', { number: 1 });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('`github.token` is not set');
  });

  it('refuses a number that is none', async () => {
    expect(await app.call('git_pr_status', { number: 0 })).toMatchObject({ isError: true });
  });
});
