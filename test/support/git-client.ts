import { createRepository } from '../git/git-repository.ts';
import type { GitRepository } from '../git/git-repository.ts';
import { openAppClient } from './app-client.ts';
import type { AppClient } from './app-client.ts';

/** The whole product on a small repository, on the branch `work`. */
export interface GitClient extends AppClient {
  readonly repository: GitRepository;
}

export async function openGitClient(): Promise<GitClient> {
  const repository = createRepository({ 'src/a.ts': 'export const a = 1;\n', 'src/b.ts': 'export const b = 1;\n' });
  repository.git('config', 'user.name', 'Ada');
  repository.git('config', 'user.email', 'ada@example.org');
  repository.git('switch', '--quiet', '-c', 'work');
  const app = await openAppClient({ workspace: repository.root, isIndexed: false, isFollowed: false });
  return {
    ...app,
    repository,
    async close() {
      await app.close();
      repository.remove();
    },
  };
}

/** Hashes and folders differ from one test to the next. */
export function withoutHashes(text: string, { root }: GitRepository): string {
  return text.replaceAll(root, 'ROOT').replaceAll(/\b[0-9a-f]{10,64}\b/g, 'HASH');
}
