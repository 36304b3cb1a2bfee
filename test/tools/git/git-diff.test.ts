import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitClient, withoutHashes } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';

describe('git_diff', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('tells files first, and the text when it is asked for', async () => {
    const { repository } = app;
    repository.write({ 'src/a.ts': 'export const a = "sk-abcdefghijklmnop1234";\n', 'new.ts': 'n\n' });
    const short = await app.call('git_diff');
    expect(withoutHashes(short.text, repository)).toMatchInlineSnapshot(`
      "HASH → working tree: 2 files, +1 -1
        modified src/a.ts +1 -1
        untracked new.ts"
    `);
    expect(short.structured['patch']).toBeUndefined();
    const whole = await app.call('git_diff', { patch: true, paths: ['src'] });
    expect(withoutHashes(whole.text, repository)).toMatchInlineSnapshot(`
      "HASH → working tree: 1 file, +1 -1
        modified src/a.ts +1 -1

      diff --git a/src/a.ts b/src/a.ts
      index cc798ff..c015347 100644
      --- a/src/a.ts
      +++ b/src/a.ts
      @@ -1 +1 @@
      -export const a = 1;
      +export const a = "[Redacted]";"
    `);
  });

  it('guides when a revision is unknown', async () => {
    const answer = await app.call('git_diff', { from: 'v9' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('`v9` is no commit of this repository');
  });
});
