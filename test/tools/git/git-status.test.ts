import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitClient, withoutHashes } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';

describe('git_status', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('tells branch, files and remotes', async () => {
    const { repository } = app;
    repository.git('remote', 'add', 'origin', 'https://me:canary-token@example.org/o/r.git');
    expect((await app.call('git_status')).text).toContain('clean');
    repository.write({ 'src/a.ts': 'x\n', 'src/b.ts': 'y\n', 'new\nline.ts': 'n\n' });
    repository.git('add', 'src/b.ts');
    const answer = await app.call('git_status');
    expect(answer.isError).toBe(false);
    expect(withoutHashes(answer.text, repository)).toMatchInlineSnapshot(`
      "branch work at HASH
      staged (1):
        modified src/b.ts
      unstaged (1):
        modified src/a.ts
      untracked (1):
        "new\\nline.ts"
      remote origin https://example.org/o/r.git"
    `);
    expect(JSON.stringify(answer)).not.toContain('canary-token');
    expect(answer.structured).toMatchObject({ branch: 'work', staged: { total: 1 }, unstaged: { total: 1 } });
  });

  it('says where there is no repository, and what may not be looked at', async () => {
    const answer = await app.call('git_status', { workspace: '/' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('outside the allowed folders');
  });
});
