import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { createSilentLog } from '../../../src/core/log.ts';
import { GitService } from '../../../src/git/git-runtime.ts';
import type { PullRequestHost, PullRequestProposal } from '../../../src/git/index.ts';
import { createLocalBackend, createMcpServer } from '../../../src/server/server-runtime.ts';
import { openGitClient } from '../../support/git-client.ts';
import type { GitClient } from '../../support/git-client.ts';
import { testSealer } from '../../support/test-sealer.ts';
import { answerText } from '../../support/unquoted-answer.ts';

describe('git_open_pr', () => {
  let app: GitClient;

  beforeAll(async () => {
    app = await openGitClient();
  });

  afterAll(() => app.close());

  it('opens a pull request once its plan is given back, and not before', async () => {
    const proposals: PullRequestProposal[] = [];
    const client = await clientWith(app, {
      open(proposal) {
        proposals.push(proposal);
        return Promise.resolve({
          kind: 'remote',
          url: 'https://git.example/pull/7',
          number: 7,
          state: 'open',
          isNew: true,
        });
      },
      status: () => Promise.reject(new Error('Nobody asks.')),
    });
    const input = { title: 'Round prices', body: 'Why.' };
    const planned = await client.callTool({ name: 'git_open_pr', arguments: input });
    expect(planned.structuredContent).toMatchObject({ kind: 'planned', branch: 'work' });
    expect(answerText(planned)).toContain('Planned: Push branch work at ');
    expect(answerText(planned)).toContain('open a draft pull request into its default branch: "Round prices"');
    expect(proposals).toEqual([]);
    const planId = /: (\S+)$/.exec(answerText(planned))?.[1];
    const other = await client.callTool({ name: 'git_open_pr', arguments: { ...input, draft: false, planId } });
    expect(other.isError).toBe(true);
    expect(proposals).toEqual([]);
    const opened = await client.callTool({ name: 'git_open_pr', arguments: { ...input, planId } });
    expect(answerText(opened)).toMatchInlineSnapshot(
      `"pull request #7 of work was opened: https://git.example/pull/7"`,
    );
    expect(proposals).toMatchObject([{ root: app.repository.root, branch: 'work', draft: true, body: 'Why.' }]);
    await client.close();
  });

  it('names the key to set where pull requests are out of reach', async () => {
    const answer = await app.call('git_open_pr', { title: 'Round prices' });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('`github.token` is not set');
  });
});

/** The surface of the app, with pull requests within reach. */
async function clientWith({ services, repository }: GitClient, host: PullRequestHost): Promise<Client> {
  const rootOf = (): Promise<string> => Promise.resolve(repository.root);
  const git = new GitService({ rootOf, protectedBranches: ['main'], host });
  const log = createSilentLog();
  const backend = createLocalBackend({
    sealer: testSealer,
    catalog,
    log,
    services: () => Promise.resolve({ ...services, git }),
  });
  const server = createMcpServer({ catalog, backend, info: { name: 'lightdom', version: '0' }, log });
  const client = new Client({ name: 'test', version: '0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  return client;
}
