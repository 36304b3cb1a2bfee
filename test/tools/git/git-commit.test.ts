import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitClient, withoutHashes } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';

describe('git_commit', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('commits what differs, and tells hash and files', async () => {
    const { repository } = app;
    repository.write({ 'src/a.ts': 'export const a = 2;\nexport const c = 3;\n', 'new.ts': 'n\n' });
    const answer = await app.call('git_commit', { message: 'count on', type: 'fix' });
    expect(answer.isError).toBe(false);
    expect(withoutHashes(answer.text, repository)).toMatchInlineSnapshot(`
      "HASH on work: fix: count on
      1 file, +2 -1
        modified src/a.ts +2 -1"
    `);
    expect(answer.structured['commit']).toBe(repository.git('rev-parse', 'work').trim());
    expect(repository.git('status', '--porcelain')).toBe('?? new.ts\n');
  });

  it('refuses a secret by its place, and leaves it uncommitted', async () => {
    const { repository } = app;
    const before = repository.git('rev-parse', 'HEAD');
    repository.write({ 'src/b.ts': 'export const b = 1;\nexport const key = "sk-abcdefghijklmnop1234";\n' });
    const answer = await app.call('git_commit', { message: 'add a key' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('What looks like a secret would be committed: src/b.ts:2.');
    expect(repository.git('rev-parse', 'HEAD')).toBe(before);
  });
});
